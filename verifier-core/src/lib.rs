//! Verifies receipts and recounts elections.
//!
//! The crate asks nobody anything: no I/O, clock, randomness, network or globals. Bytes, trust and the present time are arguments.
//! The exact encodings, labels and check ids are in the crate's `README.md`.

mod contract;
mod encoding;
mod finding;
mod ids;
mod outcome;
mod receipt;
mod report;
mod request;
mod transaction;
mod trust_card;

pub use contract::{
    CONTRACT_LIMIT, ChoiceRule, Contract, ContractError, MAX_CANDIDATES, MAX_MUNICIPALITIES,
    Municipality, Name,
};
pub use encoding::{EncodingError, decode, encode};
pub use finding::{Doubt, Finding, SourceFault};
pub use ids::{
    AssetId, ContractId, GenesisHash, Hash, HeaderHash, Height, KeySetId, MunicipalityIndex, Point,
    PublicKey, ScalarBytes, Seconds, Signature, TrackingCode,
};
pub use outcome::Outcome;
pub use receipt::{PROMISE_LABEL, Promise, RECEIPT_LIMIT, RECEIPT_PREFIX, Receipt, ReceiptError};
pub use report::{
    CellTotals, Check, CheckId, CheckOutcome, ClockJump, PROFILE, Participation, RefusedBallot,
    Report, Standing, Verdict,
};
pub use request::{Answer, HEADERS_PER_REQUEST, Request};
pub use transaction::{
    Action, BATCH_LIMIT, Ballot, Body, CertifyRoll, CertifyTurnout, Complain, DealKey, Dealing,
    DecryptionShare, Define, Issue, KeyReady, SIGNING_LABEL, Share, TRANSACTION_LIMIT, Transaction,
    TransactionError,
};
pub use trust_card::{
    Anchor, CardValidator, NodeAddress, TRUST_CARD_LIMIT, TrustCard, TrustCardError,
};
