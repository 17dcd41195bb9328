//! What stands between a visitor and a receipt that can be checked.

use super::qr_code::QrFault;
use super::rights::AskFault;
use verifier_core::ReceiptError;

/// Why there is no receipt to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    Receipt(ReceiptError),
    /// It asks nothing about the ledger's state either.
    Ask(AskFault),
    Picture(QrFault),
    Camera(CameraFault),
}

/// Why the camera shows nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraFault {
    /// The browser offers none, for instance because the page was not opened over https.
    NotOffered,
    /// The visitor or the browser's settings said no, or another program holds it.
    Refused,
}
