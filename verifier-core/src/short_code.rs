//! The short form of a tracking code: what two people, or one with two screens, can compare by eye or read aloud.
//!
//! It is the beginning of the code, 80 of its 256 bits, in letters and digits that are not mistaken for each other: no 0 or O, no 1 or I. It is the same
//! in every language. Where it matters, the whole code decides: programs never compare this form.

use crate::ids::TrackingCode;

/// 32 signs, five bits each.
const ALPHABET: [char; 32] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'U',
    'V', 'W', 'X', 'Y', 'Z', '2', '3', '4', '5', '6', '7', '8', '9',
];
const BITS: u32 = 5;
const SIGNS: u32 = 16;
const GROUP: u32 = 4;

/// Four groups of four signs, with a hyphen between them.
pub fn short_code(code: &TrackingCode) -> String {
    let [first @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = code.0;
    let bits = u128::from_be_bytes(first);
    let mut text = String::new();
    for place in 0..SIGNS {
        if place > 0 && place % GROUP == 0 {
            text.push('-');
        }
        let five = bits.wrapping_shl(place * BITS) >> (u128::BITS - BITS);
        let sign = usize::try_from(five)
            .ok()
            .and_then(|five| ALPHABET.get(five));
        text.extend(sign);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn is_four_groups_of_four_signs_from_the_beginning_of_the_code() {
        assert_eq!(short_code(&TrackingCode([0; 32])), "AAAA-AAAA-AAAA-AAAA");
        assert_eq!(short_code(&TrackingCode([255; 32])), "9999-9999-9999-9999");
        let mut code = [0; 32];
        code[0] = 0b0000_1000;
        code[9] = 0b0000_0010;
        assert_eq!(short_code(&TrackingCode(code)), "BAAA-AAAA-AAAA-AAAC");
    }

    #[test]
    fn every_one_of_the_first_80_bits_shows_and_no_other_does() {
        let zero = short_code(&TrackingCode([0; 32]));
        let mut seen = BTreeSet::new();
        for bit in 0..256usize {
            let mut code = [0u8; 32];
            code[bit / 8] = 128 >> (bit % 8);
            let short = short_code(&TrackingCode(code));
            assert_eq!(short != zero, bit < 80, "bit {bit}");
            seen.insert(short);
        }
        assert_eq!(seen.len(), 81);
    }

    #[test]
    fn has_no_two_signs_that_look_alike() {
        let signs: BTreeSet<char> = ALPHABET.into_iter().collect();
        assert_eq!(signs.len(), 32);
        assert!(
            ['0', 'O', '1', 'I']
                .iter()
                .all(|sign| !signs.contains(sign))
        );
    }
}
