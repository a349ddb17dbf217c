//! `keys.toml` in the data folder: generated keys, readable by the owner only.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::crypto::Key;
use crate::random::{OsRandomness, Randomness};

/// The file's contents.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyFile {
    pub app_key: Option<String>,
    pub index_key: Option<String>,
    pub pepper: Option<String>,
    pub webhook_secret: Option<String>,
}

impl KeyFile {
    /// Its place.
    pub fn path(data_dir: &Path) -> PathBuf {
        data_dir.join("keys.toml")
    }

    /// Reads it; a missing file holds no keys.
    pub fn read(path: &Path) -> io::Result<Self> {
        match fs::read_to_string(path) {
            // The parser's message quotes the line, which holds a key.
            Ok(text) => {
                toml::from_str(&text).map_err(|_| io::Error::other("it is not a list of key = \"value\" lines"))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Whether others than its owner can read a file.
    pub fn is_exposed(path: &Path) -> bool {
        fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
    }

    fn is_complete(&self) -> bool {
        self.app_key.is_some() && self.index_key.is_some() && self.pepper.is_some() && self.webhook_secret.is_some()
    }

    fn completed(mut self) -> Self {
        let random: Arc<dyn Randomness> = Arc::new(OsRandomness);
        let key = || Key::generate(&*random).to_text().into_inner();
        self.app_key.get_or_insert_with(key);
        self.index_key.get_or_insert_with(key);
        self.pepper.get_or_insert_with(key);
        self.webhook_secret.get_or_insert_with(|| format!("whsec_{}", random.token()));
        self
    }

    /// Reads the file and adds the keys it lacks. Of two processes that do so at once, both use the same keys.
    pub fn read_or_generate(data_dir: &Path) -> io::Result<Self> {
        let path = Self::path(data_dir);
        let found = Self::read(&path)?;
        if found.is_complete() {
            return Ok(found);
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir)?;
        // The lock goes with the handle, also when the process dies.
        let lock =
            OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(data_dir.join("keys.lock"))?;
        lock.lock()?;
        let found = Self::read(&path)?;
        if found.is_complete() {
            return Ok(found);
        }
        let completed = found.completed();
        completed.write(&path)?;
        Ok(completed)
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let body = toml::to_string(self).map_err(io::Error::other)?;
        let fresh = path.with_extension("new");
        // A leftover of a crash may have other permissions.
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&fresh)?;
        file.write_all(b"# Generated. Whoever loses this file loses the encrypted data.\n")?;
        file.write_all(body.as_bytes())?;
        file.sync_all()?;
        // Whole or not at all: keys cut short by a crash would be lost data.
        fs::rename(&fresh, path)
    }
}
