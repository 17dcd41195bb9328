//! Verifies receipts and recounts elections.
//!
//! The crate asks nobody anything: no I/O, clock, randomness, network or globals. Bytes, trust and the present time are arguments.
//! The exact encodings, labels and check ids are in the crate's `README.md`.

mod archive;
mod ballot;
mod base64_text;
mod bisection;
mod blind_signature;
mod broadcast;
mod casting_setup;
mod claim_keys;
mod claim_time;
mod coded_text;
mod contract;
mod curve;
mod dispute;
mod election;
mod encoding;
mod equality;
mod export;
mod finding;
mod group;
mod header_chain;
mod hex_text;
mod ids;
mod keys;
mod ledger;
mod listed_state;
mod live;
mod opening;
mod outcome;
mod promise;
#[cfg(feature = "prove")]
pub mod prove;
mod receipt;
mod receipt_check;
mod receipt_proof;
mod recount;
mod recount_run;
mod report;
mod request;
mod roll_slip;
mod self_test;
mod share;
mod short_code;
mod signature;
mod state_check;
pub mod state_key;
mod state_values;
mod tally;
mod transaction;
mod transcript;
mod trust_card;
mod voting_right;
mod weights;
mod witness;

pub use archive::{
    ARCHIVE_INDEX_FILE, ARCHIVE_INDEX_LIMIT, ARCHIVE_PATH, ArchiveError, ArchiveIndex,
    ArchivedBlock, BUNDLE_BLOCKS, BUNDLE_LIMIT, Bundle, BundleEntry, BundleWriter, BundledBlock,
    Hints, HintsEntry, bundle_file, cast_hints, encode_hints, hints_file,
};
pub use ballot::{
    BallotError, BallotKeys, CheckedBallot, EncryptedSum, HashedTransaction, RawBallot,
    check_ballot, check_batch, check_batch_raw, check_batch_with_hints, decompression_hints,
};
pub use blind_signature::{BlindSignature, CLAIM_LABEL, InvalidBlindSignature, claim_message};
pub use broadcast::{Broadcast, BroadcastAnswer, decode_broadcast, decode_promise_answer};
pub use casting_setup::{CastingKeys, CastingSetup, ElectionKeys, SetupStanding};
pub use claim_keys::{ClaimKeys, MIN_CLAIM_MUNICIPALITIES, RSA_BYTES, RsaModulus, countersigner};
pub use claim_time::{CLAIM_MARGIN, CLAIM_PERIOD, claim_moment, claim_span};
pub use contract::{
    CONTRACT_LIMIT, ChoiceRule, Contract, ContractError, MAX_CANDIDATES, MAX_MUNICIPALITIES,
    Municipality, Name,
};
pub use curve::Hint;
pub use dispute::{
    BrokenPromise, CollectError, DISPUTE_LIMIT, DisputeCollect, DisputeError, DisputeFile,
    DisputeFileError,
};
pub use election::{Close, Culprit, Election, GenesisState, Station, claimed_asset};
pub use encoding::{EncodingError, decode, encode};
pub use export::{
    ExportedBlock, TRUST_CARD_FILE, answer_from_export, block_file, export_file, export_height,
};
pub use finding::{Doubt, Finding, SourceFault};
pub use ids::{
    AssetId, ContractId, GenesisHash, Hash, HeaderHash, Height, KeySetId, MunicipalityIndex, Point,
    PublicKey, ScalarBytes, Seconds, Signature, TrackingCode,
};
pub use keys::{
    KeyError, KeySet, check_complaint, check_dealing, check_encryption_keys, check_ready,
};
pub use ledger::{
    BLOCK_PROTOCOL, Bisection, CommitError, Conflict, Genesis, LightBlock, LightError,
    LightOutcome, MAX_VALIDATORS, MerkleError, MerkleProof, NotYetTrusted, Options, PROOF_LIMIT,
    Progress, STATE_PROOF_TYPE, SignedPower, StateProofError, TrustLevel, TrustedHeader, TxResult,
    ValidatorSet, ValidatorSetError, check_commit, check_commits, data_hash, header_hash,
    last_commit_hash, last_results_hash, merkle_root, prove_result, prove_transaction, rpc,
    sign_bytes, verify_adjacent, verify_backwards, verify_result, verify_skipping, verify_state,
    verify_transaction,
};
pub use listed_state::ListedState;
pub use live::{Live, LiveBlock, LiveView};
pub use opening::{ChallengedBallot, OPENING_PREFIX, Opening, OpeningError, check_opening};
pub use outcome::Outcome;
pub use promise::{PROMISE_LABEL, Promise, PromiseError, PromisedBallot};
pub use receipt::{RECEIPT_LIMIT, RECEIPT_PREFIX, Receipt, ReceiptError};
pub use receipt_check::{Evidence, ReceiptCheck};
pub use receipt_proof::{
    ProofCollectError, ProvenBallot, RECEIPT_PROOF_LIMIT, ReceiptProof, ReceiptProofCollect,
    ReceiptProofError, ReceiptProofFileError,
};
pub use recount::{
    AddError, ClaimedTotals, LedgerBlock, Recount, RecountProgress, STATE_LIMIT, Setup, StateError,
};
pub use recount_run::{
    LoneRecount, OpenSpan, Origin, RecountRun, Span, SpanAnswers, SpanFacts, SpanWorker,
    frame_record, framed_records, record_begins_at,
};
pub use report::{
    CellTotals, Check, CheckId, CheckOutcome, ClockJump, PROFILE, Participation, RefusedBallot,
    Report, Standing, Verdict,
};
pub use request::{Answer, HEADERS_PER_REQUEST, Request};
pub use roll_slip::{ROLL_SLIP_PREFIX, RollSlip, RollSlipError, roll_commitment};
pub use self_test::{
    Expected, ExpectedCheck, FrozenBlock, FrozenElection, FrozenReceipt, SelfTestCase,
    SelfTestReport, self_test,
};
pub use share::{CheckedShare, ShareError, Total, check_share, combine};
pub use short_code::short_code;
pub use signature::{
    InvalidSignature, Signed, is_voter_address, verify_signature, verify_signatures,
};
pub use state_check::{CountedCell, Holder, Numbers, StateAnswer, StateCheck, StateQuestion};
pub use tally::{Cell, Tally};
pub use transaction::{
    Action, BATCH_LIMIT, Ballot, Body, CLAIM_BATCHES, CertifyRoll, CertifyTurnout, Claim, Complain,
    DealKey, Dealing, DecryptionShare, Define, Issue, KeyReady, RecordIssuances, SIGNING_LABEL,
    Share, Spoil, TRANSACTION_LIMIT, Transaction, TransactionError,
};
pub use trust_card::{
    Anchor, CardAge, CardValidator, NodeAddress, TRUST_CARD_LIMIT, TrustCard, TrustCardError,
};
pub use voting_right::{VOTING_RIGHT_PREFIX, VotingRight, VotingRightError};
pub use witness::{
    Agreement, AttackEvidence, Consensus, EVIDENCE_LIMIT, EvidenceError, NodeStanding, Side,
    Survey, default_required,
};
