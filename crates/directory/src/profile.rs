//! What a clinic changes itself of its public face (R-MG-12, 13): the text about it, how it is reached, what is spoken.

use std::collections::HashMap;

use identity::rules::fields;
use kernel::ids::ProviderLanguageId;
use kernel::{Actor, AppError, AppResult, FieldErrors, Permission};
use platform::App;
use platform::audit::{self, Entry};
use platform::entity::countries;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, Set};
use serde_json::json;

use crate::clinics::{load, require_writable};
use crate::entity::{provider_languages, providers};
use crate::queries;

/// Lengths of the text about a clinic, in characters.
const BIO: std::ops::RangeInclusive<usize> = 50..=500;
/// The longest web address.
const WEBSITE: usize = 255;

/// A clinic's own profile as it edits it.
#[derive(Clone, Debug)]
pub struct OwnProfile {
    /// Give it back with the change.
    pub version: i32,
    /// About the clinic.
    pub bio: String,
    /// For patients who booked.
    pub email: String,
    /// E.164.
    pub phone: String,
    /// Web address.
    pub website: String,
    /// Codes of what is spoken, the main language first.
    pub spoken: Vec<String>,
    /// Everything that can be chosen: code and the language's own name.
    pub languages: Vec<(String, String)>,
}

/// What is to stand there; empty contacts are taken away.
#[derive(Clone, Debug)]
pub struct ProfileEdit {
    /// The version that was read.
    pub version: i32,
    /// About the clinic.
    pub bio: String,
    /// For patients who booked.
    pub email: String,
    /// E.164.
    pub phone: String,
    /// Web address; https is added where it is missing.
    pub website: String,
    /// Codes of what is spoken, the main language first.
    pub spoken: Vec<String>,
}

/// The profile of the asker's clinic, in three statements.
pub async fn show(app: &App, actor: &Actor) -> AppResult<OwnProfile> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::EditProfile)?;
    let conn = app.db.conn();
    let clinic = load(conn, provider).await?;
    let spoken = queries::spoken(conn, &[provider]).await?.remove(&provider).unwrap_or_default();
    let languages = queries::all_languages(conn).await?;
    Ok(OwnProfile {
        version: clinic.version,
        bio: clinic.provider_bio.unwrap_or_default(),
        email: clinic.public_email.unwrap_or_default(),
        phone: clinic.public_phone.unwrap_or_default(),
        website: clinic.website_url.unwrap_or_default(),
        spoken,
        languages: languages.into_iter().map(|(_, code, name)| (code, name)).collect(),
    })
}

/// Changes the profile of the asker's clinic; all faulty fields in one answer. The old and the new text are recorded.
///
/// Errors: 403 without `edit_profile` or while the clinic is suspended, 409 `stale_version`, 409 `last_language` when
/// none would be left, 422 for fields.
pub async fn edit(app: &App, actor: &Actor, edit: ProfileEdit) -> AppResult<()> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::EditProfile)?;
    let conn = app.db.conn();
    require_writable(conn, provider).await?;
    let known = queries::all_languages(conn).await?;
    let edit = checked(app, edit, &known).await?;
    let ids: HashMap<&str, _> = known.iter().map(|(id, code, _)| (code.as_str(), *id)).collect();
    platform::write_txn!(app.db, |txn| {
        let before = providers::Entity::find_by_id(provider)
            .filter(providers::Column::DeletedAt.is_null())
            .lock_exclusive()
            .one(txn)
            .await?
            .ok_or_else(AppError::not_found)?;
        if before.version != edit.version {
            return Err(AppError::stale_version());
        }
        let spoken = queries::spoken(txn, &[provider]).await?.remove(&provider).unwrap_or_default();
        let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let now = app.now();
        providers::ActiveModel {
            id: Set(provider),
            provider_bio: Set(filled(&edit.bio)),
            public_email: Set(filled(&edit.email)),
            public_phone: Set(filled(&edit.phone)),
            website_url: Set(filled(&edit.website)),
            version: Set(before.version + 1),
            updated_at: Set(now),
            ..Default::default()
        }
        .update(txn)
        .await?;
        if spoken != edit.spoken {
            provider_languages::Entity::delete_many()
                .filter(provider_languages::Column::ProviderId.eq(provider))
                .exec(txn)
                .await?;
            let rows = edit.spoken.iter().zip(0..).filter_map(|(code, order)| {
                Some(provider_languages::ActiveModel {
                    id: Set(ProviderLanguageId::new()),
                    provider_id: Set(provider),
                    language_id: Set(*ids.get(code.as_str())?),
                    sort_order: Set(order),
                    created_at: Set(now),
                    updated_at: Set(now),
                })
            });
            provider_languages::Entity::insert_many(rows).exec_without_returning(txn).await?;
        }
        let facts = |bio: &Option<String>, email, phone, website, spoken: &[String]| json!({ "bio": bio, "public_email": email, "public_phone": phone, "website": website, "languages": spoken });
        let was = facts(&before.provider_bio, before.public_email, before.public_phone, before.website_url, &spoken);
        let is =
            facts(&filled(&edit.bio), filled(&edit.email), filled(&edit.phone), filled(&edit.website), &edit.spoken);
        let entry = Entry::new("provider.profile_changed")
            .subject("Provider", provider)
            .provider(provider)
            .fields(&["bio", "public_email", "public_phone", "website", "languages"])
            .change(Some(was), Some(is));
        audit::record(txn, app, actor, entry).await
    })
}

async fn checked(
    app: &App,
    mut edit: ProfileEdit,
    known: &[(kernel::ids::LanguageId, String, String)],
) -> AppResult<ProfileEdit> {
    let mut errors = FieldErrors::new();
    edit.bio = edit.bio.trim().replace("\r\n", "\n");
    if !BIO.contains(&edit.bio.chars().count()) {
        errors.add("bio", "bio_length", "Write 50 to 500 characters.");
    }
    if !edit.email.trim().is_empty() {
        edit.email = fields::email(&mut errors, "email", &edit.email);
    }
    edit.phone = edit.phone.trim().to_owned();
    if !edit.phone.is_empty() {
        let codes: Vec<String> = countries::Entity::find()
            .select_only()
            .column(countries::Column::CallingCode)
            .into_tuple()
            .all(app.db.conn())
            .await?;
        edit.phone = fields::phone(&mut errors, "phone", &edit.phone, &codes);
    }
    edit.website = website(&mut errors, &edit.website);
    let mut spoken: Vec<String> = Vec::new();
    for code in &edit.spoken {
        let code = code.trim().to_ascii_lowercase();
        if !known.iter().any(|(_, known, _)| *known == code) {
            errors.add("languages", "language_unknown", "Choose languages from the list.");
        } else if !spoken.contains(&code) {
            spoken.push(code);
        }
    }
    errors.check()?;
    if spoken.is_empty() {
        return Err(AppError::conflict("last_language", "One language has to stay.").on_field("languages"));
    }
    edit.spoken = spoken;
    Ok(edit)
}

/// A web address on the open net: http or https, with a host that has a dot.
fn website(errors: &mut FieldErrors, text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let rest = full.strip_prefix("https://").or_else(|| full.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let is_host = host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':'));
    if !is_host || full.len() > WEBSITE || full.chars().any(|c| c.is_whitespace() || c.is_control()) {
        errors.add("website", "website_invalid", "Write an address such as https://clinic.example.");
    }
    full
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_addresses() {
        let read = |text: &str| {
            let mut errors = FieldErrors::new();
            let read = website(&mut errors, text);
            errors.check().is_ok().then_some(read)
        };
        assert_eq!(read(" ").as_deref(), Some(""));
        assert_eq!(read("clinic.example").as_deref(), Some("https://clinic.example"));
        assert_eq!(read("http://clinic.example/a?b#c").as_deref(), Some("http://clinic.example/a?b#c"));
        for wrong in
            ["javascript://x.example", "ftp://x.example", "https://", "clinic", "https://me@x.example", "a b.example"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(read(&format!("https://x.example/{}", "a".repeat(250))), None);
    }
}
