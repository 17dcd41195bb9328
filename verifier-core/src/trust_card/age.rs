//! How long a trust card may still be relied on.

use super::TrustCard;
use crate::ids::Seconds;

/// A trust card's age. Validators of long ago may have lost interest in their keys, so that what they sign is believed only
/// for a while after the header that the card names, unless the card names the final one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardAge {
    /// The card names the final header. Everything below follows by hashes, and hashes do not age.
    Timeless,
    /// So old, and so long to go.
    Within { age: Seconds, remaining: Seconds },
    /// Older than its trusting period. A new card is needed, from where this one came from.
    Expired { age: Seconds, period: Seconds },
}

impl TrustCard {
    /// The card's age at the present time `now`. A card from the future counts as new.
    pub fn age(&self, now: Seconds) -> CardAge {
        let (age, period) = (now.saturating_sub(self.trusted.time), self.trusting_period);
        match period.checked_sub(age) {
            _ if self.final_header.is_some() => CardAge::Timeless,
            Some(remaining) => CardAge::Within { age, remaining },
            None => CardAge::Expired { age, period },
        }
    }
}
