//! Serials: cards are counted by them, and nothing else. They say neither which address a card holds nor in which order rights were issued.

use rand_core::RngCore;

/// Letters and digits that nobody mistakes for one another.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The serials of one print run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    run: String,
    count: usize,
}

impl Stock {
    /// The serials of a run of so many cards; four drawn letters tell it from other runs.
    pub fn draw(count: usize, rng: &mut impl RngCore) -> Self {
        let letter = |_| {
            let at = usize::try_from(rng.next_u32() % 32).unwrap_or(0);
            char::from(LETTERS.get(at).copied().unwrap_or(b'A'))
        };
        Self {
            run: (0..4).map(letter).collect(),
            count,
        }
    }

    /// The serial of a card, counted from 0.
    pub fn serial(&self, card: usize) -> String {
        format!("{}-{:04}", self.run, card.saturating_add(1))
    }

    /// The list for stock-keeping: one serial a line.
    pub fn to_csv(&self) -> String {
        let serials = (0..self.count).map(|card| format!("{}\r\n", self.serial(card)));
        format!("serial\r\n{}", serials.collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha20Rng;
    use rand_core::SeedableRng;

    #[test]
    fn serials_count_the_cards_of_one_run() {
        let stock = Stock::draw(3, &mut ChaCha20Rng::seed_from_u64(1));
        let lines: Vec<String> = stock.to_csv().lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0], "serial");
        assert_eq!(lines[3], stock.serial(2));
        assert!(lines[3].ends_with("-0003"));
        let other = Stock::draw(3, &mut ChaCha20Rng::seed_from_u64(2));
        assert_ne!(stock.serial(0), other.serial(0));
    }
}
