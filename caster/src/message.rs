//! What the page and the worker that casts say to each other. Nothing that the page hears is a secret of the voter, but for an opening, which is of a
//! ballot that will never be cast.

use borsh::{BorshDeserialize, BorshSerialize};
use verifier_core::{
    AssetId, ContractId, ElectionKeys, GenesisHash, Hash, MunicipalityIndex, PublicKey, RsaModulus,
    Seconds, TrackingCode,
};

/// What marks are made of: no 0 and no 1, which look like letters.
pub const MARK_LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789";

/// From the page to the worker.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum ToCaster {
    /// The election whose voting rights it takes; before anything else.
    Begin(ElectionKeys),
    /// A picture, an `ImageBitmap` beside it, that may hold a card's QR code.
    Look,
    /// What a voter typed from a card, a string beside it.
    Read,
    /// The candidate that the voter confirmed, counted from 0: a string of digits beside it.
    Choose,
    /// Make the ballot of the right that was read.
    Encrypt { asset: AssetId, mark: [u8; 4] },
    /// Draw a mark for a voter who does not want to choose one.
    DrawMark,
    /// Sign it.
    Cast,
    /// Open it and sign that it can never be cast.
    Challenge,
    /// Something about the purse.
    Purse(Box<ToPurse>),
}

/// From the page, about the right that a phone keeps. Each is answered with what is kept then, or a fault.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum ToPurse {
    /// Open what this browser keeps for an election; before anything else.
    Open {
        genesis: GenesisHash,
        contract: ContractId,
    },
    /// Draw an address, for somebody on the roll of `home`, whose key this is.
    Draw {
        home: MunicipalityIndex,
        key: RsaModulus,
    },
    /// What the home municipality answered, and the key of the next one.
    HomeSigned {
        signature: Vec<u8>,
        commitment: Hash,
        authorisation: [u8; 64],
        next: RsaModulus,
    },
    /// What the next municipality answered; when to claim, if not at once.
    Countersigned {
        signature: Vec<u8>,
        span: Option<(Seconds, Seconds)>,
    },
    /// Vote with the right, as with a card that was shown.
    Vote,
    /// Forget everything.
    Forget,
}

/// From the worker to the page.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum FromCaster {
    /// It listens now.
    Ready,
    /// It is ready for a voter.
    Begun,
    /// There is no QR code in the picture: another one is wanted.
    Nothing,
    /// What it was shown is not a right that it takes.
    Refused(RightFault),
    /// A right of this election, whose voter address this is.
    Right(PublicKey),
    /// It knows the choice.
    Chosen,
    /// A mark, drawn.
    Mark([u8; 4]),
    /// The ballot is made; this is what its holder compares.
    Encrypted(TrackingCode),
    /// The signed ballot's bytes beside it. Nothing is left to ask this worker.
    Signed,
    /// The opening's text; the signed Spoil's bytes beside it. Nothing is left to ask this worker.
    Opened(String),
    /// What the purse holds now, and whether this browser will still have it when the page was closed.
    Purse { kept: Kept, lasts: bool },
    /// What was asked of the purse was not done.
    PurseFault(PurseFault),
    /// It was asked for what it cannot do.
    Broke,
}

/// What a purse holds, as far as the page may know.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub enum Kept {
    Nothing,
    /// An address is drawn; its home municipality is to sign this.
    Drawn {
        home: MunicipalityIndex,
        blinded: Vec<u8>,
    },
    /// The next municipality is to sign this.
    HalfSigned {
        home: MunicipalityIndex,
        commitment: Hash,
        authorisation: [u8; 64],
        blinded: Vec<u8>,
    },
    /// Both have signed: a right that is claimed by this transaction, not before this moment.
    Signed {
        home: MunicipalityIndex,
        address: PublicKey,
        claim: Vec<u8>,
        at: Seconds,
    },
    /// The right was voted with.
    Used {
        asset: AssetId,
        mark: [u8; 4],
        ballot: Vec<u8>,
    },
}

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, BorshSerialize, BorshDeserialize)]
pub enum PurseFault {
    /// Another tab has it open.
    #[error("another tab of this browser is at it")]
    InUse,
    #[error("what was kept cannot be read")]
    Torn,
    #[error("the municipality signed something else")]
    NotSigned,
    #[error("the contract names no usable key")]
    NoKey,
}

/// Why what a voter showed is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, BorshSerialize, BorshDeserialize)]
pub enum RightFault {
    #[error("the file is not a picture")]
    NotAPicture,
    #[error("the QR code is torn or blurred")]
    Unreadable,
    /// A receipt, a roll slip, or a code of something else.
    #[error("the code is not that of a voting right")]
    NotARight,
    #[error("a character is wrong or missing")]
    Mistyped,
    #[error("the voting right is of another election")]
    Elsewhere,
}
