//! Verifies receipts and recounts elections.
