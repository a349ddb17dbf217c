//! Reference data: shipped questionnaires, milestone templates, presets and offerings. Doing it again changes nothing.

use std::collections::HashMap;

use kernel::ids::{
    AftercareMilestoneDefinitionId, AftercareMilestoneDefinitionQuestionnaireId, AftercareMilestoneTemplateId,
    AftercareQuestionnaireId, AftercareTemplateId, InstructionTemplateId, MedicationTemplateId, UserId,
};
use kernel::{AppError, AppResult, Timestamp};
use platform::App;
use platform::db::Txn;
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set};
use serde_json::json;

use crate::catalogue::{self, ShippedTemplate};
use crate::entity::aftercare_milestone_definition_questionnaires as links;
use crate::entity::aftercare_milestone_definitions as definitions;
use crate::entity::aftercare_milestone_templates::{self as templates, AftercareMilestoneTemplateStatus};
use crate::entity::aftercare_questionnaires::{self as questionnaires, AftercareQuestionnaireStatus};
use crate::entity::aftercare_templates::{self as offerings, AftercareTemplateStatus};
use crate::entity::instruction_templates::{self as instructions, InstructionTemplateStatus};
use crate::entity::medication_templates::{self as medications, MedicationTemplateStatus};

/// Puts the shipped data in place. Presets and offerings name the staff member they belong to: they follow as soon as
/// there is one.
pub async fn install(app: &App) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let known = install_questionnaires(txn, app.now()).await?;
        for shipped in catalogue::TEMPLATES {
            install_template(txn, app.now(), shipped, &known).await?;
        }
        Ok(())
    })?;
    let first = identity::entity::users::Entity::find()
        .order_by_asc(identity::entity::users::Column::CreatedAt)
        .order_by_asc(identity::entity::users::Column::Id)
        .one(app.db.conn())
        .await?;
    match first {
        Some(user) => install_presets(app, user.id).await,
        None => Ok(()),
    }
}

async fn install_questionnaires(
    txn: &Txn,
    now: Timestamp,
) -> AppResult<HashMap<&'static str, AftercareQuestionnaireId>> {
    let mut known = HashMap::new();
    for shipped in catalogue::questionnaires() {
        let by_name = questionnaires::Column::QuestionnaireName.eq(shipped.name);
        if let Some(row) = questionnaires::Entity::find().filter(by_name).one(txn).await? {
            known.insert(shipped.name, row.id);
            continue;
        }
        let id = AftercareQuestionnaireId::new();
        let row = questionnaires::ActiveModel {
            id: Set(id),
            questionnaire_name: Set(shipped.name.to_owned()),
            questionnaire_description: Set(Some(shipped.description.to_owned())),
            questionnaire_type: Set(shipped.kind),
            questions: Set(shipped.questions),
            status: Set(AftercareQuestionnaireStatus::Active),
            version: Set(1),
            supersedes_id: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        };
        questionnaires::Entity::insert(row).exec_without_returning(txn).await?;
        known.insert(shipped.name, id);
    }
    Ok(known)
}

async fn install_template(
    txn: &Txn,
    now: Timestamp,
    shipped: &ShippedTemplate,
    known: &HashMap<&'static str, AftercareQuestionnaireId>,
) -> AppResult<()> {
    let by_name = templates::Column::TemplateName.eq(shipped.name);
    if templates::Entity::find().filter(by_name).count(txn).await? > 0 {
        return Ok(());
    }
    let id = AftercareMilestoneTemplateId::new();
    let row = templates::ActiveModel {
        id: Set(id),
        template_name: Set(shipped.name.to_owned()),
        template_description: Set(Some(shipped.description.to_owned())),
        duration_months: Set(shipped.months),
        status: Set(AftercareMilestoneTemplateStatus::Active),
        created_by_admin_id: Set(None),
        lock_version: Set(0),
        created_at: Set(now),
        updated_at: Set(now),
    };
    templates::Entity::insert(row).exec_without_returning(txn).await?;
    for (order, phase) in (1..).zip(shipped.phases) {
        let definition = AftercareMilestoneDefinitionId::new();
        let row = definitions::ActiveModel {
            id: Set(definition),
            template_id: Set(id),
            milestone_name: Set(phase.name.to_owned()),
            duration_days: Set(phase.days),
            order_index: Set(order),
            scan_frequency_days: Set(phase.scan_every),
            scan_count: Set(phase.scan_count),
            questionnaire_frequency_days: Set(phase.questionnaires.first().map(|(_, every)| *every)),
            activity_restrictions: Set(Some(json!(phase.restrictions))),
            resources: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        };
        definitions::Entity::insert(row).exec_without_returning(txn).await?;
        for (name, every) in phase.questionnaires {
            let questionnaire =
                known.get(name).ok_or_else(|| AppError::internal(format!("no questionnaire named {name}")))?;
            let row = links::ActiveModel {
                id: Set(AftercareMilestoneDefinitionQuestionnaireId::new()),
                milestone_definition_id: Set(definition),
                questionnaire_id: Set(*questionnaire),
                frequency_days: Set(*every),
                created_at: Set(now),
                updated_at: Set(now),
            };
            links::Entity::insert(row).exec_without_returning(txn).await?;
        }
    }
    Ok(())
}

/// Instruction and medication presets and one offering for each shipped template, in the name of `admin`.
pub async fn install_presets(app: &App, admin: UserId) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        let texts = install_instructions(txn, now, admin).await?;
        let medicines = install_medications(txn, now, admin).await?;
        for shipped in catalogue::TEMPLATES {
            let by_name = templates::Column::TemplateName.eq(shipped.name);
            if let Some(template) = templates::Entity::find().filter(by_name).one(txn).await? {
                install_offering(txn, now, admin, template.id, &texts, &medicines).await?;
            }
        }
        Ok(())
    })
}

async fn install_instructions(txn: &Txn, now: Timestamp, admin: UserId) -> AppResult<Vec<InstructionTemplateId>> {
    let mut ids = Vec::new();
    for (title, category, repeat_days, body) in catalogue::INSTRUCTIONS {
        let known = instructions::Entity::find().filter(instructions::Column::Title.eq(*title)).one(txn).await?;
        if let Some(row) = known {
            ids.push(row.id);
            continue;
        }
        let id = InstructionTemplateId::new();
        let row = instructions::ActiveModel {
            id: Set(id),
            title: Set((*title).to_owned()),
            category: Set(word(category)?),
            body: Set((*body).to_owned()),
            treatment_types: Set(json!([])),
            default_repeat_days: Set(*repeat_days),
            status: Set(InstructionTemplateStatus::Active),
            created_by_admin_id: Set(admin),
            created_at: Set(now),
            updated_at: Set(now),
        };
        instructions::Entity::insert(row).exec_without_returning(txn).await?;
        ids.push(id);
    }
    Ok(ids)
}

async fn install_medications(txn: &Txn, now: Timestamp, admin: UserId) -> AppResult<Vec<MedicationTemplateId>> {
    let mut ids = Vec::new();
    for (name, form, dosage, frequency, days, how) in catalogue::MEDICATIONS {
        let known = medications::Entity::find()
            .filter(medications::Column::MedicationName.eq(*name))
            .filter(medications::Column::DefaultDosage.eq(*dosage))
            .one(txn)
            .await?;
        if let Some(row) = known {
            ids.push(row.id);
            continue;
        }
        let id = MedicationTemplateId::new();
        let row = medications::ActiveModel {
            id: Set(id),
            medication_name: Set((*name).to_owned()),
            form: Set(Some((*form).to_owned())),
            default_dosage: Set((*dosage).to_owned()),
            default_frequency_code: Set(word(frequency)?),
            default_duration_days: Set(*days),
            instructions: Set(Some((*how).to_owned())),
            status: Set(MedicationTemplateStatus::Active),
            created_by_admin_id: Set(admin),
            created_at: Set(now),
            updated_at: Set(now),
        };
        medications::Entity::insert(row).exec_without_returning(txn).await?;
        ids.push(id);
    }
    Ok(ids)
}

async fn install_offering(
    conn: &impl ConnectionTrait,
    now: Timestamp,
    admin: UserId,
    template: AftercareMilestoneTemplateId,
    texts: &[InstructionTemplateId],
    medicines: &[MedicationTemplateId],
) -> AppResult<()> {
    let of_template = offerings::Column::MilestoneTemplateId.eq(template);
    if offerings::Entity::find().filter(of_template).count(conn).await? > 0 {
        return Ok(());
    }
    let row = offerings::ActiveModel {
        id: Set(AftercareTemplateId::new()),
        milestone_template_id: Set(template),
        treatment_types: Set(json!([])),
        instruction_template_ids: Set(json!(texts)),
        medication_template_ids: Set(json!(medicines)),
        is_purchasable: Set(false),
        service_description: Set(None),
        pricing_model: Set(None),
        default_pricing_model: Set(None),
        prices: Set(None),
        pending_prices: Set(None),
        discounts_enabled: Set(false),
        status: Set(AftercareTemplateStatus::Active),
        created_by_admin_id: Set(admin),
        approved_by_admin_id: Set(None),
        lock_version: Set(0),
        created_at: Set(now),
        updated_at: Set(now),
    };
    offerings::Entity::insert(row).exec_without_returning(conn).await?;
    Ok(())
}

/// The value of a column's enum for a shipped word.
fn word<T: ActiveEnum<Value = String>>(word: &str) -> AppResult<T> {
    Ok(T::try_from_value(&word.to_owned())?)
}
