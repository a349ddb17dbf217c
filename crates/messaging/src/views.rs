//! What the parties see of a thread.

use chrono::{DateTime, Utc};
use identity::anonymity::MaskedPatient;
use kernel::ids::{ConversationId, MessageId, ProviderId};
use serde::Serialize;

use crate::entity::conversations::ConversationStatus;
use crate::entity::messages::{self, MessageKind, MessageSenderRole};

/// A thread in somebody's list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ConversationView {
    /// Id.
    pub id: ConversationId,
    /// Whether one may write.
    pub status: ConversationStatus,
    /// The clinic, for patients.
    pub clinic: Option<ClinicName>,
    /// The patient as the clinic may know them, for clinics.
    pub patient: Option<MaskedPatient>,
    /// Messages the reader's side has not read.
    pub unread: i64,
    /// Number of the newest message.
    pub last_seq: i32,
    /// When it was written.
    pub last_message_at: Option<DateTime<Utc>>,
}

/// A clinic by name.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ClinicName {
    /// Id.
    pub id: ProviderId,
    /// Name.
    pub name: String,
}

/// A message.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MessageView {
    /// Id.
    pub id: MessageId,
    /// Its place in the thread; order by this, never by time.
    pub seq: i32,
    /// Which side wrote it.
    pub sender: Option<MessageSenderRole>,
    /// Text, system note or intervention of staff.
    pub kind: MessageKind,
    /// The text as both sides see it; a system note is a key of the catalogue.
    pub content: String,
    /// Whether contact details were hidden in it.
    pub is_redacted: bool,
    /// Whether the other side has read it.
    pub is_read: bool,
    /// When it was written.
    pub created_at: DateTime<Utc>,
}

impl From<&messages::Model> for MessageView {
    fn from(row: &messages::Model) -> Self {
        Self {
            id: row.id,
            seq: row.seq.unwrap_or(0),
            sender: row.sender_role,
            kind: row.kind,
            content: row.content.clone(),
            is_redacted: row.is_redacted,
            is_read: row.is_read,
            created_at: row.created_at,
        }
    }
}
