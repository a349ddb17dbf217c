//! How patients found Hairline, kept as a filled form (R-IQ-24).

use catalogue::entity::discovery_questions;
use kernel::ids::{DiscoveryQuestionId, PatientId, QuestionnaireId};
use kernel::{AppResult, Timestamp};
use platform::App;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::{Value, json};

use crate::entity::questionnaires::{self as forms, QuestionnaireContext};

/// The one question of that form.
const QUESTION: &str = "How did you find out about us?";

/// Writes the answer down with the words it had, as the patient's next revision; telling it twice writes one.
pub(crate) async fn keep(app: &App, patient: PatientId, option: DiscoveryQuestionId, at: Timestamp) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let before = forms::Entity::find()
            .filter(forms::Column::PatientId.eq(patient))
            .filter(forms::Column::Context.eq(QuestionnaireContext::Discovery))
            .order_by_desc(forms::Column::Revision)
            .lock_exclusive()
            .all(txn)
            .await?;
        if before.iter().any(|form| form.submitted_at == Some(at)) {
            return Ok(());
        }
        // The option was there when it was chosen; options are switched off, never deleted.
        let Some(chosen) = discovery_questions::Entity::find_by_id(option).one(txn).await? else { return Ok(()) };
        let answers = json!([{
            "question_id": "discovery",
            "question_text": QUESTION,
            "answer": chosen.option_label,
            "details": null,
            "severity": "none",
        }]);
        forms::ActiveModel {
            id: Set(QuestionnaireId::new()),
            patient_id: Set(patient),
            inquiry_id: Set(None),
            context: Set(QuestionnaireContext::Discovery),
            questionnaire_set_id: Set(None),
            set_version: Set(None),
            revision: Set(before.first().map_or(1, |form| form.revision + 1)),
            answers: Set(app.keys.seal::<Value>(&answers)),
            alert_level: Set(None),
            submitted_at: Set(Some(at)),
            created_at: Set(app.now()),
            updated_at: Set(app.now()),
        }
        .insert(txn)
        .await?;
        Ok(())
    })
}
