//! When a device claims a right: at a moment that says nothing of when its signatures were given.
//!
//! A delay that is added to that moment would tell: whoever knows when everybody was signed for, and sees when everybody claims, finds the two
//! orders much alike. So time is cut into periods, and whoever has both signatures in one period claims at a moment of the next that does not depend
//! on when in the first it was: of all who were signed for in one period, each is as likely as any other.

use crate::ids::Seconds;
use core::ops::Range;

/// How long a period is: half an hour.
pub const CLAIM_PERIOD: Seconds = 1_800;
/// A claim is on its way so long before opening at the latest.
pub const CLAIM_MARGIN: Seconds = 60;

/// The period after the one that `now` lies in. Near opening it ends early; nothing if it would begin too late, and nothing but claiming at once is left.
pub fn claim_span(now: Seconds, period: Seconds, opening: Seconds) -> Option<Range<Seconds>> {
    let into = now.checked_rem(period)?;
    let begins = now.checked_sub(into)?.checked_add(period)?;
    let last = opening.checked_sub(CLAIM_MARGIN)?;
    let ends = begins.checked_add(period)?.min(last);
    (begins < ends).then_some(begins..ends)
}

/// A moment of the span: for a uniformly drawn number, a uniformly drawn moment.
pub fn claim_moment(span: &Range<Seconds>, drawn: u64) -> Seconds {
    let length = u128::from(span.end.saturating_sub(span.start));
    let into = u128::from(drawn).saturating_mul(length) >> 64;
    span.start.saturating_add(u64::try_from(into).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const OPENING: Seconds = 100_000;

    #[test]
    fn the_span_is_the_next_period_whenever_in_this_one_it_is_asked_for() {
        for now in [3_600, 3_601, 5_399] {
            assert_eq!(claim_span(now, 1_800, OPENING), Some(5_400..7_200));
        }
        assert_eq!(claim_span(5_400, 1_800, OPENING), Some(7_200..9_000));
    }

    #[test]
    fn near_opening_the_span_ends_early_and_then_there_is_none() {
        let ends = OPENING - CLAIM_MARGIN;
        assert_eq!(claim_span(98_000, 1_800, OPENING), Some(99_000..ends));
        assert_eq!(claim_span(99_001, 1_800, OPENING), None);
        assert_eq!(claim_span(5, 1_800, 10), None);
        assert_eq!(claim_span(5, 0, OPENING), None);
        assert_eq!(claim_span(u64::MAX, 1_800, u64::MAX), None);
    }

    #[test]
    fn moments_are_in_the_span_from_its_first_second_to_its_last() {
        let span = 10..20;
        assert_eq!(claim_moment(&span, 0), 10);
        assert_eq!(claim_moment(&span, u64::MAX), 19);
        assert_eq!(claim_moment(&span, u64::MAX / 2 + 1), 15);
        assert_eq!(claim_moment(&(7..7), 9), 7);
    }
}
