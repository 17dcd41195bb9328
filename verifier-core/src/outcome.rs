//! Outcomes: what the ledger says of a transaction. Every refusal has a public reason.

use borsh::{BorshDeserialize, BorshSerialize};

macro_rules! outcomes {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// What became of a transaction. The number is the `code` of CometBFT's `ExecTxResult`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
        pub enum Outcome {
            $($(#[$doc])* $name,)*
        }

        impl serde::Serialize for Outcome {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$name => s.serialize_str(stringify!($name)),)* }
            }
        }

        impl Outcome {
            /// Every outcome, in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The `code` of `ExecTxResult`.
            pub fn code(self) -> u32 {
                match self { $(Self::$name => $code,)* }
            }

            /// The outcome with this code, if there is one.
            pub fn from_code(code: u32) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }
        }
    };
}

outcomes! {
    /// It took effect; a ballot with this outcome counts.
    Ok = 0,
    /// The bytes are not a transaction.
    Malformed = 1,
    /// It names another genesis or contract.
    WrongElection = 2,
    /// A signature of one of its signers does not hold.
    InvalidSignature = 3,
    /// It came in a block whose time is not within the window for such a transaction.
    OutsideWindow = 4,
    /// No contract has been defined yet.
    NotDefined = 5,
    /// It would take effect a second time.
    Repeated = 6,
    /// It names a municipality that the contract does not have.
    UnknownMunicipality = 7,
    /// Fewer than the required municipalities approve, or not those that the genesis names.
    NotApproved = 8,
    /// The batch or record is not the municipality's next, or empty, too large, or not one commitment to an address.
    InvalidBatch = 9,
    /// More assets than people on the roll, or no roll.
    ExceedsRoll = 10,
    /// It belongs to another attempt, key set or close.
    WrongAttempt = 11,
    /// It has not one part per candidate, commitment, recipient or cell.
    WrongShape = 12,
    /// A point or scalar is not canonical, or is the identity where that is refused.
    InvalidElement = 13,
    /// A proof does not hold.
    InvalidProof = 14,
    /// The complaint's own disclosure shows that the shares were good.
    Unfounded = 15,
    /// The candidates' keys are not all there.
    KeysIncomplete = 16,
    /// The asset was not issued to this address.
    NotIssued = 17,
    /// The asset was spent before.
    AssetSpent = 18,
    /// Turnout is not chained to the certificate before, or shrinks.
    BrokenChain = 19,
    /// More people checked in than stand on the roll.
    ExceedsTurnout = 20,
    /// The sums are not closed yet.
    NotClosed = 21,
    /// A ballot that its own voter challenged before: it can never count.
    Spoiled = 22,
    /// Under this contract no rights are claimed.
    NoClaims = 23,
    /// More rights claimed than the municipality has recorded as given.
    ExceedsIssuances = 24,
}

#[cfg(test)]
mod tests {
    use super::Outcome;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_outcome_has_its_own_code() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_code(outcome.code()), Some(*outcome));
        }
        assert_eq!(Outcome::from_code(25), None);
    }
}
