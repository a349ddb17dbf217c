//! Digests of tokens that only their holder knows.

use sha2::{Digest, Sha256};

/// SHA-256 as 64 hex digits. Enough for values of 256 random bits; what people type goes through a keyed hash instead.
pub(crate) fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
