//! The one way in which an entry is turned into bytes to be hashed.

use kernel::Timestamp;
use sea_orm::ActiveEnum;
use sha2::{Digest, Sha256};

use crate::entity::audit_logs::Model;

/// What the first seal names as the one before it.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// SHA-256 of the hash before and the entry's stored content, as 64 hex digits.
///
/// Every column is written as `name=length:bytes;` and an absent one as `name=-;`, so that no two different entries
/// make the same text. Encrypted columns enter as ciphertext: the chain is verified without keys.
pub fn row_hash(prev_hash: &str, row: &Model) -> String {
    let mut text = Text(format!("hairline-audit-1;{prev_hash};"));
    text.put("id", Some(row.id.to_string()));
    text.put("occurred_at", Some(instant(row.occurred_at)));
    text.put("actor_type", Some(row.actor_type.to_value()));
    text.put("actor_id", row.actor_id.map(|id| id.to_string()));
    text.put("actor_role", row.actor_role.clone());
    text.put("acting_for_type", row.acting_for_type.clone());
    text.put("acting_for_id", row.acting_for_id.map(|id| id.to_string()));
    text.put("action", Some(row.action.clone()));
    text.put("outcome", Some(row.outcome.to_value()));
    text.put("subject_type", row.subject_type.clone());
    text.put("subject_id", row.subject_id.clone());
    text.put("patient_id", row.patient_id.map(|id| id.to_string()));
    text.put("provider_id", row.provider_id.map(|id| id.to_string()));
    text.put("quote_id", row.quote_id.map(|id| id.to_string()));
    text.put("fields", row.fields.as_ref().map(ToString::to_string));
    text.put("access_level", row.access_level.clone());
    text.put("reason", row.reason.clone());
    text.put("before_data", row.before_data.as_ref().map(|data| data.ciphertext().to_owned()));
    text.put("after_data", row.after_data.as_ref().map(|data| data.ciphertext().to_owned()));
    text.put("ip_address", row.ip_address.clone());
    text.put("user_agent", row.user_agent.clone());
    text.put("session_id", row.session_id.map(|id| id.to_string()));
    text.put("request_id", row.request_id.clone());
    text.put("retention_until", Some(row.retention_until.to_string()));
    hex::encode(Sha256::digest(text.0))
}

struct Text(String);

impl Text {
    fn put(&mut self, name: &str, value: Option<String>) {
        match value {
            Some(value) => self.0 += &format!("{name}={}:{value};", value.len()),
            None => self.0 += &format!("{name}=-;"),
        }
    }
}

/// Microseconds, as the column keeps them.
fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}
