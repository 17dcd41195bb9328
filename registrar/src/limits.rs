//! How often, how long, how many: what keeps codes from being guessed and phones from being flooded.

use verifier_core::Seconds;

/// The limits of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a code is good.
    pub code: Seconds,
    /// How often one code may be tried.
    pub attempts: u64,
    /// How long one need not show another code.
    pub token: Seconds,
    /// So many codes for one phone number within [`Self::window`].
    pub codes_per_phone: u64,
    /// So many codes asked for from one network address within [`Self::window`]; a mobile network's customers share addresses.
    pub codes_per_address: u64,
    pub window: Seconds,
    /// After so many wrong codes within [`Self::lockout`] nobody gets further under that name until it is over.
    pub wrong_codes: u64,
    pub lockout: Seconds,
    /// Nothing is signed later than so long before opening, so that there is time to claim.
    pub before_opening: Seconds,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            code: 180,
            attempts: 5,
            token: 1_800,
            codes_per_phone: 3,
            codes_per_address: 60,
            window: 600,
            wrong_codes: 15,
            lockout: 3_600,
            before_opening: 7_200,
        }
    }
}

/// When the window of this length that `now` lies in is over.
pub fn end_of_window(now: Seconds, length: Seconds) -> Seconds {
    let length = length.max(1);
    let into = now.checked_rem(length).unwrap_or(0);
    now.saturating_sub(into).saturating_add(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_ends_after_every_moment_in_it() {
        for (now, end) in [(0, 600), (1, 600), (599, 600), (600, 1200)] {
            assert_eq!(end_of_window(now, 600), end);
        }
        assert_eq!(end_of_window(7, 0), 8);
    }
}
