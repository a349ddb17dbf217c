//! One key: 32 bytes that no log ever shows.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kernel::Secret;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::random::Randomness;

/// 32 secret bytes, written `base64:` and their base64 in configuration.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

/// Why a text is no key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key is `base64:` followed by 32 bytes in base64")]
pub struct InvalidKey;

impl Key {
    /// A key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new key.
    pub fn generate(random: &dyn Randomness) -> Self {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        Self(bytes)
    }

    /// The key as configuration holds it.
    pub fn to_text(&self) -> Secret<String> {
        Secret::new(format!("base64:{}", STANDARD.encode(self.0)))
    }

    /// Whether the bytes are one repeated: a placeholder and no key.
    pub fn is_trivial(&self) -> bool {
        self.0.windows(2).all(|pair| pair.first() == pair.last())
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Key {
    type Err = InvalidKey;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = text.strip_prefix("base64:").and_then(|encoded| STANDARD.decode(encoded).ok()).ok_or(InvalidKey)?;
        bytes.try_into().map(Self).map_err(|_| InvalidKey)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[key]")
    }
}
