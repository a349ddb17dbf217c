//! Reference data every installation needs; running it again changes nothing.

use std::collections::HashSet;

use kernel::ids::{CountryId, CurrencyId, DiscoveryQuestionId, QuestionnaireSetId};
use kernel::{AppResult, Currency};
use platform::App;
use platform::entity::countries;
use rust_decimal::Decimal;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};

use crate::entity::currencies::{self, CurrencyFxStatus};
use crate::entity::discovery_questions;
use crate::entity::questionnaire_sets::{self, QuestionnaireSetContextType, QuestionnaireSetStatus};
use crate::rules::questions;
use crate::rules::world::COUNTRIES;

/// Currencies offered at first. Only the dollar needs no rate; the others work once their pair has one.
const CURRENCIES: [(Currency, &str, bool); 4] = [
    (Currency::USD, "US dollar", true),
    (Currency::GBP, "Pound sterling", false),
    (Currency::EUR, "Euro", false),
    (Currency::TRY, "Turkish lira", false),
];

/// How patients may have found us, at first (R-IQ-24).
const DISCOVERY: [&str; 6] =
    ["Search engine", "Social media", "Friend or family", "Affiliate or partner", "Clinic", "Other"];

/// Installs countries, currencies, discovery options and the first medical questionnaire (R-IQ-23).
pub async fn install(app: &App) -> AppResult<()> {
    platform::write_txn!(app.db, |txn| {
        let now = app.now();
        for (code, name, default) in CURRENCIES {
            if currencies::Entity::find().filter(currencies::Column::Code.eq(code)).count(txn).await? == 0 {
                currencies::ActiveModel {
                    id: Set(CurrencyId::new()),
                    code: Set(code),
                    name: Set(name.to_owned()),
                    minor_units: Set(2),
                    enabled: Set(true),
                    is_default: Set(default),
                    fx_mode: Set(None),
                    fx_markup_percent: Set(None),
                    fx_sync_hours: Set(6),
                    fx_alert_percent: Set(Decimal::new(300, 2)),
                    fx_source: Set(None),
                    fx_status: Set(CurrencyFxStatus::Inactive),
                    fx_next_sync_at: Set(None),
                    fx_last_alert_at: Set(None),
                    version: Set(1),
                    created_at: Set(now),
                    updated_at: Set(now),
                }
                .insert(txn)
                .await?;
            }
        }
        let known: HashSet<String> =
            countries::Entity::find().all(txn).await?.into_iter().map(|row| row.iso_code).collect();
        let missing: Vec<_> = COUNTRIES
            .iter()
            .filter(|country| !known.contains(country.code))
            .map(|country| countries::ActiveModel {
                id: Set(CountryId::new()),
                name: Set(country.name.to_owned()),
                iso_code: Set(country.code.to_owned()),
                calling_code: Set(format!("+{}", country.calling_code)),
                flag_path: Set(None),
                display_order: Set(999),
                is_active: Set(true),
                version: Set(1),
                created_at: Set(now),
                updated_at: Set(now),
            })
            .collect();
        if !missing.is_empty() {
            countries::Entity::insert_many(missing).exec(txn).await?;
        }
        if discovery_questions::Entity::find().count(txn).await? == 0 {
            let rows = DISCOVERY.iter().zip(1..).map(|(label, order)| discovery_questions::ActiveModel {
                id: Set(DiscoveryQuestionId::new()),
                option_label: Set((*label).to_owned()),
                display_order: Set(order),
                is_active: Set(true),
                updated_by: Set(None),
                created_at: Set(now),
                updated_at: Set(now),
            });
            discovery_questions::Entity::insert_many(rows).exec(txn).await?;
        }
        let known = questionnaire_sets::Entity::find()
            .filter(questionnaire_sets::Column::SetCode.eq(questions::INITIAL_SET))
            .count(txn)
            .await?;
        if known == 0 {
            questionnaire_sets::ActiveModel {
                id: Set(QuestionnaireSetId::new()),
                set_code: Set(questions::INITIAL_SET.to_owned()),
                version: Set(1),
                name: Set("Medical questionnaire".to_owned()),
                context_type: Set(QuestionnaireSetContextType::Inquiry),
                category: Set(Some("Medical history".to_owned())),
                description: Set(None),
                tags: Set(None),
                questions: Set(serde_json::to_value(questions::initial())?),
                status: Set(QuestionnaireSetStatus::Active),
                is_active_for_inquiry: Set(true),
                lock_version: Set(0),
                created_by: Set(None),
                published_at: Set(Some(now)),
                published_by: Set(None),
                created_at: Set(now),
                updated_at: Set(now),
            }
            .insert(txn)
            .await?;
        }
        Ok(())
    })
}
