//! Links to files: signed, ending, and good for one reader only.

use std::time::Duration;

use kernel::ids::FileId;
use kernel::{Actor, AppError, AppResult};

use crate::App;

const PURPOSE: &str = "file-link";

/// A link to a file that works for this actor until `ttl` is over: `/files/<token>`.
///
/// The caller has checked that the actor may see the file. A link made for nobody ([`Actor::anonymous`]) works for
/// everybody: for pictures that are public anyway.
pub fn signed_link(app: &App, file: FileId, actor: &Actor, ttl: Duration) -> String {
    let until = app.now().timestamp().saturating_add(i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX));
    let mac = app.keys.mac(PURPOSE, &signed_text(file, until, actor));
    format!("/files/{}-{until:x}-{mac}", file.0.simple())
}

/// The file a token opens for this actor now; 404 for a token that is wrong, over, or somebody else's.
pub fn verify(app: &App, actor: &Actor, token: &str) -> AppResult<FileId> {
    let (file, until, mac) = read(token).ok_or_else(AppError::not_found)?;
    let good = |actor: &Actor| app.keys.verify_mac(PURPOSE, &signed_text(file, until, actor), mac);
    if app.now().timestamp() < until && (good(actor) || good(&Actor::anonymous())) {
        Ok(file)
    } else {
        Err(AppError::not_found())
    }
}

fn read(token: &str) -> Option<(FileId, i64, &str)> {
    let mut parts = token.splitn(3, '-');
    let file = parts.next()?.parse().ok()?;
    let until = i64::from_str_radix(parts.next()?, 16).ok()?;
    Some((file, until, parts.next()?))
}

fn signed_text(file: FileId, until: i64, actor: &Actor) -> String {
    let (kind, id) = actor.reference();
    match id {
        Some(id) => format!("{file}|{until}|{kind}|{id}"),
        None => format!("{file}|{until}|{kind}"),
    }
}
