//! Casting a ballot, kept apart from the page.
//!
//! A voter's secrets (the right on the card, the randomness of the ballot, the choice once it is confirmed) are in one Web Worker only, which is ended as
//! soon as it has signed, or the voter has gone. The page hands it pictures and what the voter chose, and gets back what is public anyway: an address,
//! a tracking code, a signed transaction.
//!
//! On a phone the right is not on a card: the worker draws it, has it signed blindly, and keeps it between visits in a [`Purse`].
//!
//! [`ToCaster`] and [`FromCaster`] are what the two say to each other; [`Booth`] is the worker's inside, pure but for randomness, which is an argument. The
//! page is built without the feature `secrets`, and so without the booth.

#[cfg(feature = "secrets")]
mod booth;
mod frame;
mod message;
mod pixels;
#[cfg(feature = "secrets")]
mod purse;

#[cfg(feature = "secrets")]
pub use booth::{Booth, Challenged, draw_mark};
pub use frame::{bytes, pack, unpack};
pub use message::{FromCaster, Kept, MARK_LETTERS, PurseFault, RightFault, ToCaster, ToPurse};
pub use pixels::{Pixels, QrFault, read_code};
#[cfg(feature = "secrets")]
pub use purse::{HomeSigned, Purse};
