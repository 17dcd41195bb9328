//! The cases by their names.

use borsh::{BorshDeserialize, BorshSerialize};

/// A frozen receipt or election, genuine or forged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum CaseName {
    GenuineReceipt,
    MistypedReceipt,
    ReceiptOfAnotherElection,
    ForgedPromise,
    ReceiptWithAnotherMark,
    ReceiptAgainstAlteredBlock,
    ReceiptAgainstForgedSignature,
    ReceiptAgainstMisstatedOutcome,
    GenuineElection,
    ElectionWithForgedSignature,
    ElectionWithAlteredBallot,
    ElectionWithMisstatedOutcome,
    ElectionWithMisstatedTotals,
    ElectionCutShort,
    ElectionOfAnotherGenesis,
    /// All validators agreed on it and signed it.
    ElectionWithForgedBallot,
}

impl CaseName {
    /// Every receipt, in order.
    pub const RECEIPTS: [Self; 8] = [
        Self::GenuineReceipt,
        Self::MistypedReceipt,
        Self::ReceiptOfAnotherElection,
        Self::ForgedPromise,
        Self::ReceiptWithAnotherMark,
        Self::ReceiptAgainstAlteredBlock,
        Self::ReceiptAgainstForgedSignature,
        Self::ReceiptAgainstMisstatedOutcome,
    ];
    /// Every election, in order. The last is on a tape of its own.
    pub const ELECTIONS: [Self; 8] = [
        Self::GenuineElection,
        Self::ElectionWithForgedSignature,
        Self::ElectionWithAlteredBallot,
        Self::ElectionWithMisstatedOutcome,
        Self::ElectionWithMisstatedTotals,
        Self::ElectionCutShort,
        Self::ElectionOfAnotherGenesis,
        Self::ElectionWithForgedBallot,
    ];

    /// Whether the right answer is to accept it. A program that accepts nothing is as broken as one that accepts everything.
    pub fn is_genuine(self) -> bool {
        matches!(self, Self::GenuineReceipt | Self::GenuineElection)
    }
}
