//! Transactions: what the ledger records. One canonical, versioned, size-capped encoding.

use crate::blind_signature::BlindSignature;
use crate::contract::{Contract, ContractError};
use crate::encoding::{self, EncodingError};
use crate::ids::{
    AssetId, ContractId, GenesisHash, Hash, KeySetId, MunicipalityIndex, Point, PublicKey,
    ScalarBytes, Signature, TrackingCode,
};
use borsh::{BorshDeserialize, BorshSerialize};

/// A transaction is at most 512 KiB.
pub const TRANSACTION_LIMIT: usize = 512 * 1024;
/// An Issue transaction holds 1 to 1,024 addresses.
pub const BATCH_LIMIT: usize = 1024;
/// Batches from this number on hold claimed assets, those below it issued ones.
pub const CLAIM_BATCHES: u16 = 0x8000;
/// What is signed begins with this, so that no signature is good for anything else.
pub const SIGNING_LABEL: &[u8] = b"chamgwan/transaction/v1";
const VERSION: u8 = 1;

/// A transaction as it stands in a block: borsh of the body, then of the signatures, in the order that the action asks for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Transaction {
    pub body: Body,
    pub signatures: Vec<Signature>,
}

/// What is signed. Genesis hash and contract id keep a transaction from being replayed elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Body {
    pub version: u8,
    pub genesis: GenesisHash,
    pub contract: ContractId,
    pub action: Action,
}

/// What a transaction does.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Action {
    Define(Define),
    CertifyRoll(CertifyRoll),
    Issue(Issue),
    DealKey(DealKey),
    KeyReady(KeyReady),
    Complain(Complain),
    Cast(Ballot),
    CertifyTurnout(CertifyTurnout),
    Close,
    Share(Share),
    Spoil(Spoil),
    RecordIssuances(RecordIssuances),
    Claim(Box<Claim>),
}

/// Stores the contract. Signed by the registrars of `approvals`, in that order; more than 2/3 of all must be among them.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Define {
    pub contract: Contract,
    /// Strictly ascending.
    pub approvals: Vec<MunicipalityIndex>,
}

/// The number of people on a municipality's roll; once per municipality, before opening.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CertifyRoll {
    pub municipality: MunicipalityIndex,
    pub people: u32,
}

/// One batch of voter addresses, one asset each, in shuffled order; before opening.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Issue {
    pub municipality: MunicipalityIndex,
    /// 0, 1, 2 … per municipality, below [`CLAIM_BATCHES`].
    pub batch: u16,
    pub addresses: Vec<PublicKey>,
    /// Salted commitments to the roll entries, sorted, so that their order says nothing of the addresses'; as many as addresses.
    pub roll_commitments: Vec<Hash>,
}

/// One trustee's part in key generation, for all candidates at once; before opening.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct DealKey {
    pub attempt: u16,
    pub dealer: MunicipalityIndex,
    /// P = p·B, from which each recipient derives what its shares are encrypted with.
    pub ephemeral: Point,
    /// One per candidate, in the contract's order.
    pub dealings: Vec<Dealing>,
}

/// One trustee's dealing for one candidate address.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Dealing {
    /// φ_0 … φ_{t−1}: the coefficients of the dealer's polynomial, times B.
    pub commitments: Vec<Point>,
    /// FROST's proof of knowledge of the constant coefficient: (R, z).
    pub proof_of_knowledge: (Point, ScalarBytes),
    /// One per municipality: its share plus a pad that only it can derive.
    pub encrypted_shares: Vec<ScalarBytes>,
}

/// A trustee proves that it holds its share of every candidate's key; before opening.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct KeyReady {
    pub trustee: MunicipalityIndex,
    pub key_set: KeySetId,
    /// One Schnorr proof (c, z) per candidate.
    pub proofs: Vec<(ScalarBytes, ScalarBytes)>,
}

/// A trustee shows that the shares it was dealt do not fit the commitments, which names the dealer and starts a new attempt; before opening.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Complain {
    pub attempt: u16,
    pub dealer: MunicipalityIndex,
    pub recipient: MunicipalityIndex,
    /// K = e·P.
    pub shared: Point,
    /// (c, z): log_B E = log_P K.
    pub proof: (ScalarBytes, ScalarBytes),
}

/// A signed, encrypted transfer of one asset to exactly one candidate address.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Ballot {
    pub asset: AssetId,
    pub address: PublicKey,
    /// The voter's own short mark, chosen on the spot: 4 printable ASCII characters.
    pub mark: [u8; 4],
    /// R = r·B.
    pub randomness: Point,
    /// C_j = v_j·B + r·H_j.
    pub transfers: Vec<Point>,
    /// a_l, one per candidate.
    pub a: Vec<Point>,
    /// b_l, one per candidate.
    pub b: Vec<Point>,
    /// c_1 … c_{k−1}; the last follows.
    pub c: Vec<ScalarBytes>,
    /// z_l, one per candidate.
    pub z: Vec<ScalarBytes>,
}

/// The number of people checked in at a station so far. Signed by registrar and observer.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct CertifyTurnout {
    pub municipality: MunicipalityIndex,
    pub station: u16,
    /// 0, 1, 2 … per station.
    pub sequence: u16,
    /// Tracking code of the station's previous CertifyTurnout; zeros for the first.
    pub previous: TrackingCode,
    /// Never smaller than before.
    pub checked_in: u32,
}

/// A trustee's decryption shares of the closed sums.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Share {
    pub trustee: MunicipalityIndex,
    /// Tracking code of the Close transaction that fixed the sums.
    pub close: TrackingCode,
    /// Per cell, per candidate, in the order of Close.
    pub cells: Vec<Vec<DecryptionShare>>,
}

/// D = s·ΣR with a proof (c, z) that log_B S = log_ΣR D.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct DecryptionShare {
    pub share: Point,
    pub proof: (ScalarBytes, ScalarBytes),
}

/// A ballot that was made and challenged instead of cast: its code can never count with this asset. Signed by the address.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Spoil {
    pub asset: AssetId,
    pub address: PublicKey,
    /// The tracking code of the ballot that nobody signed.
    pub challenged: TrackingCode,
}

/// People to whom a municipality has given a right by blind signature, each by a salted commitment to the roll entry; before opening.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct RecordIssuances {
    pub municipality: MunicipalityIndex,
    /// 0, 1, 2 … per municipality.
    pub sequence: u16,
    /// 1 to 1,024, strictly ascending.
    pub roll_commitments: Vec<Hash>,
}

/// Takes up a right that two municipalities have signed without seeing the address; before opening. Signed by the address.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Claim {
    /// On whose roll the person stands.
    pub municipality: MunicipalityIndex,
    pub address: PublicKey,
    /// By the municipality's `home` key.
    pub home: BlindSignature,
    /// By the `countersign` key of the municipality after it; see [`crate::countersigner`].
    pub countersign: BlindSignature,
}

/// Why bytes are not a transaction.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransactionError {
    #[error(transparent)]
    Encoding(#[from] EncodingError),
    #[error(transparent)]
    Contract(#[from] ContractError),
    #[error("{actual} signatures instead of {expected}")]
    SignatureCount { actual: usize, expected: usize },
}

impl Transaction {
    /// Decodes a transaction; refuses anything non-canonical, unknown, oversized or trailing.
    pub fn decode(bytes: &[u8]) -> Result<Self, TransactionError> {
        let transaction: Self = encoding::decode(bytes, TRANSACTION_LIMIT)?;
        transaction.body.check()?;
        let expected = transaction.body.action.signature_count();
        let actual = transaction.signatures.len();
        if actual != expected {
            return Err(TransactionError::SignatureCount { actual, expected });
        }
        Ok(transaction)
    }

    /// The canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        encoding::encode(self)
    }
}

impl Body {
    /// A body of the current version.
    pub fn new(genesis: GenesisHash, contract: ContractId, action: Action) -> Self {
        Self {
            version: VERSION,
            genesis,
            contract,
            action,
        }
    }

    /// SHA-256 of the body's canonical bytes.
    pub fn tracking_code(&self) -> TrackingCode {
        TrackingCode(Hash::of(&encoding::encode(self)).0)
    }

    /// What the signers sign: the label, then the body's canonical bytes.
    pub fn signing_message(&self) -> Vec<u8> {
        let mut message = SIGNING_LABEL.to_vec();
        message.extend(encoding::encode(self));
        message
    }

    fn check(&self) -> Result<(), TransactionError> {
        if self.version != VERSION {
            return Err(EncodingError::UnknownVersion {
                actual: self.version,
                expected: VERSION,
            }
            .into());
        }
        if let Action::Define(define) = &self.action {
            define.contract.check()?;
        }
        Ok(())
    }
}

impl Action {
    /// How many signatures the action asks for.
    pub fn signature_count(&self) -> usize {
        match self {
            Self::Define(define) => define.approvals.len(),
            Self::CertifyTurnout(_) => 2,
            Self::Close => 0,
            Self::CertifyRoll(_)
            | Self::Issue(_)
            | Self::DealKey(_)
            | Self::KeyReady(_)
            | Self::Complain(_)
            | Self::Cast(_)
            | Self::Share(_)
            | Self::Spoil(_)
            | Self::RecordIssuances(_)
            | Self::Claim(_) => 1,
        }
    }
}
