//! Habits and family in a sent request: the patient's own word, which nobody else changes (R-IQ-21).

use kernel::{Actor, AppResult, FieldErrors};
use platform::App;
use platform::db::Txn;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::draft::author;
use super::edit::EditInput;
use crate::entity::{inquiries, medical_histories};
use crate::medical;
use crate::rules::submission;

/// Writes what the input says of habits and family; answers whether anything differs. The answers and their level stay
/// as they are, so a clinic's acknowledgment counts on.
///
/// Errors: 403 for anybody but the patient, 422 for texts of more than 255 characters.
pub(super) async fn change(
    txn: &Txn,
    app: &App,
    actor: &Actor,
    inquiry: &inquiries::Model,
    input: &EditInput,
) -> AppResult<bool> {
    if [&input.smoking_status, &input.alcohol_consumption, &input.family_history].into_iter().all(Option::is_none) {
        return Ok(false);
    }
    author(actor)?;
    let history = medical::history(txn, inquiry.id).await?;
    let was = medical::habits_of(app, &history)?;
    let mut errors = FieldErrors::new();
    // An emptied field is an empty text: an absent one stays as it was.
    let mut read = |field: &str, given: &Option<String>, was: &Option<String>| match given {
        Some(text) => submission::optional(&mut errors, field, Some(text)),
        None => was.clone(),
    };
    let is = medical::Habits {
        smoking_status: read("smoking_status", &input.smoking_status, &was.smoking_status),
        alcohol_consumption: read("alcohol_consumption", &input.alcohol_consumption, &was.alcohol_consumption),
        family_history: read("family_history", &input.family_history, &was.family_history),
    };
    submission::refuse(errors)?;
    if is == was {
        return Ok(false);
    }
    let sealed = |text: &Option<String>| text.as_ref().map(|text| app.keys.seal(text));
    medical_histories::Entity::update_many()
        .set(medical_histories::ActiveModel {
            smoking_status: Set(sealed(&is.smoking_status)),
            alcohol_consumption: Set(sealed(&is.alcohol_consumption)),
            family_history: Set(sealed(&is.family_history)),
            updated_at: Set(app.now()),
            ..Default::default()
        })
        .filter(medical_histories::Column::Id.eq(history.id))
        .exec(txn)
        .await?;
    Ok(true)
}
