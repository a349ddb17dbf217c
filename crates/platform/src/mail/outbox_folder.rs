//! Mail as files: the message itself and, beside it, what the demo's mail page shows.

use std::io::ErrorKind as IoError;
use std::path::{Path, PathBuf};

use kernel::{AppError, AppResult, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Mail;

/// A mail that was written into a file.
#[derive(Clone, Serialize, Deserialize)]
pub struct StoredMail {
    /// Names it for [`super::Mailer::read`]; later mails have greater ids.
    pub id: String,
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The HTML, when there is one.
    pub html: Option<String>,
    /// When it was sent.
    pub sent_at: Timestamp,
}

pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn open(path: &Path) -> AppResult<Self> {
        std::fs::create_dir_all(path).map_err(AppError::internal)?;
        Ok(Self(path.to_owned()))
    }

    pub(super) async fn write(&self, mail: &Mail, message: &[u8], now: Timestamp) -> AppResult<()> {
        let id = Uuid::now_v7().to_string();
        let stored = StoredMail {
            id: id.clone(),
            to: mail.to.clone(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
            sent_at: now,
        };
        let index = serde_json::to_vec(&stored)?;
        tokio::fs::write(self.0.join(format!("{id}.eml")), message).await.map_err(AppError::internal)?;
        // The index appears whole or not at all: a reader may list the folder at this moment.
        let draft = self.0.join(format!("{id}.json.tmp"));
        tokio::fs::write(&draft, index).await.map_err(AppError::internal)?;
        tokio::fs::rename(&draft, self.0.join(format!("{id}.json"))).await.map_err(AppError::internal)
    }

    pub(super) async fn list(&self, limit: usize) -> AppResult<Vec<StoredMail>> {
        let mut ids = Vec::new();
        let mut entries = tokio::fs::read_dir(&self.0).await.map_err(AppError::internal)?;
        while let Some(entry) = entries.next_entry().await.map_err(AppError::internal)? {
            let name = entry.file_name();
            if let Some(id) = name.to_str().and_then(|name| name.strip_suffix(".json")) {
                ids.push(id.to_owned());
            }
        }
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.truncate(limit);
        let mut mails = Vec::with_capacity(ids.len());
        for id in &ids {
            mails.push(self.read(id).await?);
        }
        Ok(mails)
    }

    pub(super) async fn read(&self, id: &str) -> AppResult<StoredMail> {
        // Only an id can name a file: no path gets through.
        let id = Uuid::parse_str(id).map_err(|_| AppError::not_found())?;
        match tokio::fs::read(self.0.join(format!("{id}.json"))).await {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == IoError::NotFound => Err(AppError::not_found()),
            Err(error) => Err(AppError::internal(error)),
        }
    }
}
