//! The encrypted payload as Laravel's `Encrypted` cast stores it: base64 of `{iv, value, mac, tag}`.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut, KeyIvInit};
use hmac::Mac;
use serde::{Deserialize, Serialize};

use super::{Key, hmac_sha256};
use crate::random::{OsRandomness, Randomness};

const GCM_IV: usize = 12;
const GCM_TAG: usize = 16;
const CBC_IV: usize = 16;

/// The members in the order Laravel writes them.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    iv: String,
    value: String,
    mac: String,
    #[serde(default)]
    tag: String,
}

/// Encrypts with AES-256-GCM, always under a fresh random iv of the machine: an iv used twice would give the key away.
pub fn encrypt(key: &Key, plain: &[u8]) -> String {
    let mut iv = [0; GCM_IV];
    OsRandomness.fill(&mut iv);
    encrypt_with_iv(key, iv, plain)
}

pub fn encrypt_with_iv(key: &Key, iv: [u8; GCM_IV], plain: &[u8]) -> String {
    let mut value = plain.to_vec();
    let tag = Aes256Gcm::new(&(*key.bytes()).into())
        .encrypt_inout_detached(&Nonce::from(iv), &[], value.as_mut_slice().into())
        .expect("a column is far below the cipher's 64 GB");
    let envelope = Envelope {
        iv: STANDARD.encode(iv),
        value: STANDARD.encode(value),
        mac: String::new(),
        tag: STANDARD.encode(tag),
    };
    STANDARD.encode(serde_json::to_string(&envelope).expect("four strings are JSON"))
}

/// A well-formed payload, not yet authenticated.
pub enum Payload {
    /// AES-256-CBC with HMAC-SHA256 over the texts of iv and value.
    Cbc { iv: [u8; CBC_IV], value: Vec<u8>, signed: String, mac: [u8; 32] },
    /// AES-256-GCM.
    Gcm { iv: [u8; GCM_IV], value: Vec<u8>, tag: [u8; GCM_TAG] },
}

impl Payload {
    /// Tells the cipher by shape alone: a 64-hex mac with an empty tag is CBC, an empty mac with a 16-byte tag is
    /// GCM. `None` for everything else.
    pub fn parse(text: &str) -> Option<Self> {
        let json = STANDARD.decode(text).ok()?;
        let Envelope { iv, value, mac, tag } = serde_json::from_slice(&json).ok()?;
        let (iv_bytes, value_bytes) = (STANDARD.decode(&iv).ok()?, STANDARD.decode(&value).ok()?);
        match (mac.len(), tag.is_empty()) {
            (64, true) => {
                if mac.bytes().any(|b| b.is_ascii_uppercase()) || value_bytes.is_empty() {
                    return None;
                }
                let mac = hex::decode(mac).ok()?.try_into().ok()?;
                Some(Self::Cbc { iv: iv_bytes.try_into().ok()?, value: value_bytes, signed: iv + &value, mac })
            }
            (0, false) => Some(Self::Gcm {
                iv: iv_bytes.try_into().ok()?,
                value: value_bytes,
                tag: STANDARD.decode(tag).ok()?.try_into().ok()?,
            }),
            _ => None,
        }
    }

    /// The plain bytes, or `None` when this key did not write the payload or somebody changed it.
    pub fn decrypt(&self, key: &Key) -> Option<Vec<u8>> {
        match self {
            Self::Cbc { iv, value, signed, mac } => {
                let mut expected = hmac_sha256(key);
                expected.update(signed.as_bytes());
                // Constant time, and before the padding is looked at: no padding oracle.
                expected.verify(mac.into()).ok()?;
                let mut buffer = value.clone();
                let cipher = cbc::Decryptor::<aes::Aes256>::new(key.bytes().into(), iv.into());
                cipher.decrypt_padded_mut::<Pkcs7>(&mut buffer).ok().map(<[u8]>::to_vec)
            }
            Self::Gcm { iv, value, tag } => {
                let mut buffer = value.clone();
                Aes256Gcm::new(&(*key.bytes()).into())
                    .decrypt_inout_detached(&Nonce::from(*iv), &[], buffer.as_mut_slice().into(), &Tag::from(*tag))
                    .ok()?;
                Some(buffer)
            }
        }
    }
}
