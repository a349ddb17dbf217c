//! How values are written before they are encrypted: strings as they are, integers in decimal, JSON as its text.

use kernel::Secret;
use serde_json::Value as Json;

/// A value an encrypted column can hold.
pub trait Sealable: Sized {
    /// The text that is encrypted.
    fn to_plain(&self) -> String;
    /// The value back from the decrypted text; `None` when it is not one.
    fn from_plain(plain: String) -> Option<Self>;
}

impl Sealable for String {
    fn to_plain(&self) -> String {
        self.clone()
    }
    fn from_plain(plain: String) -> Option<Self> {
        Some(plain)
    }
}

impl Sealable for Secret<String> {
    fn to_plain(&self) -> String {
        self.expose().clone()
    }
    fn from_plain(plain: String) -> Option<Self> {
        Some(Self::new(plain))
    }
}

impl Sealable for i64 {
    fn to_plain(&self) -> String {
        self.to_string()
    }
    fn from_plain(plain: String) -> Option<Self> {
        plain.parse().ok()
    }
}

impl Sealable for Json {
    fn to_plain(&self) -> String {
        self.to_string()
    }
    fn from_plain(plain: String) -> Option<Self> {
        serde_json::from_str(&plain).ok()
    }
}
