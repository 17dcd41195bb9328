//! A set of addresses that many hold at once, so that adding to one copies little of it.

use crate::ids::PublicKey;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Addresses, by their first two bytes. A clone costs nothing; the first insertion after it copies 1/65,536 of the addresses, and the way there.
#[derive(Clone, Debug, Default)]
pub(super) struct AddressSet(ByByte<ByByte<Arc<BTreeSet<PublicKey>>>>);

type ByByte<T> = Arc<BTreeMap<u8, T>>;

impl AddressSet {
    pub fn contains(&self, address: &PublicKey) -> bool {
        let [first, second, ..] = address.0;
        let part = self.0.get(&first).and_then(|parts| parts.get(&second));
        part.is_some_and(|part| part.contains(address))
    }

    pub fn insert(&mut self, address: PublicKey) {
        let [first, second, ..] = address.0;
        let parts = Arc::make_mut(&mut self.0).entry(first).or_default();
        let part = Arc::make_mut(parts).entry(second).or_default();
        Arc::make_mut(part).insert(address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn a_clone_keeps_what_it_had() {
        let address = |n: u8| PublicKey([n / 2, n, n, 0, 0, 0, 0, 0].repeat(4).try_into().unwrap());
        let mut set = AddressSet::default();
        (0..100).for_each(|n| set.insert(address(n)));
        let before = set.clone();
        set.insert(address(200));
        assert!((0..100).all(|n| set.contains(&address(n)) && before.contains(&address(n))));
        assert!(set.contains(&address(200)) && !before.contains(&address(200)));
        assert!(!set.contains(&address(101)));
    }
}
