//! When to ask again. A line that was lost is no answer: it is waited for as long as the visitor wants; a source that answers badly is
//! asked a few times more.

use verifier_core::SourceFault;

const FIRST_MS: u32 = 1_000;
const LONGEST_MS: u32 = 20_000;
/// So often a source is asked again that is there, but slow or busy.
const BUSY: u32 = 3;

/// The tries of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retry {
    failed: u32,
}

impl Retry {
    /// How long to wait before asking again; `None` if the fault is the answer.
    pub fn pause(&mut self, fault: &SourceFault) -> Option<u32> {
        let again = match fault {
            SourceFault::Unreachable => true,
            SourceFault::TooSlow | SourceFault::HttpStatus(429 | 502 | 503 | 504) => {
                self.failed < BUSY
            }
            _ => false,
        };
        let pause = FIRST_MS.saturating_mul(2_u32.saturating_pow(self.failed));
        self.failed = self.failed.saturating_add(1);
        again.then_some(pause.min(LONGEST_MS))
    }

    /// Whether any try failed.
    pub fn has_failed(self) -> bool {
        self.failed > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_line_is_waited_for_with_growing_pauses() {
        let mut retry = Retry::default();
        let pauses: Vec<_> = (0..7)
            .filter_map(|_| retry.pause(&SourceFault::Unreachable))
            .collect();
        assert_eq!(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
        assert!(retry.has_failed());
    }

    #[test]
    fn a_busy_source_is_asked_a_few_times_and_a_wrong_answer_is_final() {
        let mut retry = Retry::default();
        let busy = SourceFault::HttpStatus(503);
        assert!((0..3).all(|_| retry.pause(&busy).is_some()));
        assert_eq!(retry.pause(&busy), None);
        for fault in [
            SourceFault::HttpStatus(404),
            SourceFault::HttpStatus(500),
            SourceFault::TooLarge { limit: 9 },
        ] {
            assert_eq!(Retry::default().pause(&fault), None);
        }
    }
}
