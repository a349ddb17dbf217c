//! Keys and what is done with them: sealing columns, blind indexes, message authentication.

mod key;
mod payload;
mod sealable;

use std::sync::Arc;

use hmac::{Hmac, Mac};
use kernel::{AppError, AppResult, ErrorKind, Sealed};
use sha2::Sha256;
use subtle::ConstantTimeEq;

pub use key::{InvalidKey, Key};
pub use sealable::Sealable;

/// The keys of an installation. Cheap to clone.
#[derive(Clone)]
pub struct KeyRing(Arc<Keys>);

struct Keys {
    current: Key,
    previous: Vec<Key>,
    index: Key,
    pepper: Key,
    lasting: Key,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[key ring]")
    }
}

impl KeyRing {
    /// A ring that writes with `current` and still reads what the `previous` ones wrote.
    pub fn new(current: Key, previous: Vec<Key>, index: Key, pepper: Key) -> Self {
        let lasting = Key::new(derived(&pepper, "lasting"));
        Self(Arc::new(Keys { current, previous, index, pepper, lasting }))
    }

    /// Encrypts a value for its column, with the current key (R-ID-62).
    pub fn seal<T: Sealable>(&self, value: &T) -> Sealed<T> {
        Sealed::from_ciphertext(payload::encrypt(&self.0.current, value.to_plain().as_bytes()))
    }

    /// Encrypts a value of a row that can never be written again, with a key that does not rotate: entries of
    /// append-only tables stay as they are for their ten years.
    pub fn seal_lasting<T: Sealable>(&self, value: &T) -> Sealed<T> {
        Sealed::from_ciphertext(payload::encrypt(&self.0.lasting, value.to_plain().as_bytes()))
    }

    /// Whether the current key reads this column text; false too for what no key reads.
    pub fn is_current(&self, ciphertext: &str) -> bool {
        payload::Payload::parse(ciphertext).is_some_and(|payload| payload.decrypt(&self.0.current).is_some())
    }

    /// Tells current keys apart without giving anything of them away: 64 hex digits.
    pub fn fingerprint(&self) -> String {
        keyed(&self.0.current, "fingerprint", "")
    }

    /// Whether there are older keys whose values may wait to be re-encrypted.
    pub fn has_previous(&self) -> bool {
        !self.0.previous.is_empty()
    }

    /// Decrypts a column: with the current key, else with the previous ones in their order, else with the lasting one.
    ///
    /// Anything that is not a valid payload of one of these keys is refused with `decryption_failed`.
    pub fn open<T: Sealable>(&self, sealed: &Sealed<T>) -> AppResult<T> {
        let payload = payload::Payload::parse(sealed.ciphertext()).ok_or_else(decryption_failed)?;
        let plain = std::iter::once(&self.0.current)
            .chain(&self.0.previous)
            .chain(std::iter::once(&self.0.lasting))
            .find_map(|key| payload.decrypt(key))
            .ok_or_else(decryption_failed)?;
        String::from_utf8(plain).ok().and_then(|plain| T::from_plain(plain)).ok_or_else(decryption_failed)
    }

    /// Decrypts a column that may be empty.
    pub fn open_opt<T: Sealable>(&self, sealed: Option<&Sealed<T>>) -> AppResult<Option<T>> {
        sealed.map(|sealed| self.open(sealed)).transpose()
    }

    /// The searchable fingerprint of an encrypted value: 64 hex digits, different for every `table.column`.
    pub fn blind_index(&self, column: &str, value: &str) -> String {
        keyed(&self.0.index, column, value)
    }

    /// Fingerprint of a secret that is stored only as this (codes, tokens): 64 hex digits.
    pub fn mac(&self, purpose: &str, data: &str) -> String {
        keyed(&self.0.pepper, purpose, data)
    }

    /// Whether `mac` is the fingerprint of `data`, compared in constant time.
    pub fn verify_mac(&self, purpose: &str, data: &str, mac: &str) -> bool {
        self.mac(purpose, data).as_bytes().ct_eq(mac.as_bytes()).into()
    }
}

fn keyed(key: &Key, scope: &str, value: &str) -> String {
    let mut mac = hmac_sha256(key);
    mac.update(scope.as_bytes());
    mac.update(b"|");
    mac.update(value.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

fn derived(key: &Key, purpose: &str) -> [u8; 32] {
    let mut mac = hmac_sha256(key);
    mac.update(purpose.as_bytes());
    mac.finalize().into_bytes().into()
}

fn hmac_sha256(key: &Key) -> Hmac<Sha256> {
    <Hmac<Sha256> as Mac>::new_from_slice(key.bytes()).expect("HMAC takes keys of any length")
}

fn decryption_failed() -> AppError {
    // Whoever watches over the installation is woken by this number: it never grows while all is well.
    metrics::counter!("hairline_decryption_failures_total").increment(1);
    AppError::new(ErrorKind::Internal, "decryption_failed", "A stored value could not be decrypted.")
}

#[cfg(test)]
mod tests;
