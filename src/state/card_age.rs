//! How old a trust card is, and how long it may still be relied on.

use verifier_core::{Seconds, TrustCard};

/// Where a card stands in its trusting period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardAge {
    /// The card names the final header: no period applies.
    Final,
    /// So many seconds are left.
    Fresh { age: Seconds, left: Seconds },
    /// The period ended so many seconds ago.
    Expired { age: Seconds, since: Seconds },
}

impl CardAge {
    /// The age at `now`. A card from the future is as old as one of this moment: its header's check says what is wrong.
    pub fn of(card: &TrustCard, now: Seconds) -> Self {
        if card.final_header.is_some() {
            return Self::Final;
        }
        Self::within(card.trusted.time, card.trusting_period, now)
    }

    /// Whether nothing can be concluded from the card any more.
    pub fn is_expired(self) -> bool {
        matches!(self, Self::Expired { .. })
    }

    fn within(begun: Seconds, period: Seconds, now: Seconds) -> Self {
        let age = now.saturating_sub(begun);
        match period.checked_sub(age) {
            Some(left) => Self::Fresh { age, left },
            None => Self::Expired {
                age,
                since: age.saturating_sub(period),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CardAge;

    #[test]
    fn a_card_is_good_to_the_last_second_of_its_period() {
        assert_eq!(
            CardAge::within(100, 50, 150),
            CardAge::Fresh { age: 50, left: 0 }
        );
    }

    #[test]
    fn a_card_has_expired_one_second_later() {
        let age = CardAge::within(100, 50, 151);
        assert_eq!(age, CardAge::Expired { age: 51, since: 1 });
        assert!(age.is_expired());
    }

    #[test]
    fn a_clock_behind_the_card_makes_it_new() {
        assert_eq!(
            CardAge::within(100, 50, 90),
            CardAge::Fresh { age: 0, left: 50 }
        );
    }
}
