//! Reading a numbered paper as a PDF, in the reader's language.

use directory::entity::providers;
use identity::entity::patients;
use kernel::ids::PaymentDocumentId;
use kernel::{Actor, AppError, AppResult, Money};
use platform::App;
use platform::locale::{self, Locale};
use sea_orm::EntityTrait;
use serde_json::Value as Json;

use crate::entity::payment_documents::{self, PaymentDocumentKind as Kind};
use crate::papers::{self, Line, Sheet};
use crate::service::access::{self, Audience};

/// A paper to be sent: its file name and its bytes.
pub struct File {
    /// `RCT-2603-00001.pdf`.
    pub name: String,
    /// The PDF.
    pub bytes: Vec<u8>,
}

/// Draws a paper of a booking for its patient or for staff.
///
/// Errors: 403 for clinics, 404 for what is not the reader's.
pub async fn file(app: &App, actor: &Actor, id: PaymentDocumentId, locale: Locale) -> AppResult<File> {
    let audience = access::audience(actor)?;
    if matches!(audience, Audience::Clinic { .. }) {
        return Err(AppError::forbidden());
    }
    let conn = app.db.conn();
    let row = payment_documents::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let quote = row.quote_id.ok_or_else(AppError::not_found)?;
    if !matches!(row.kind, Kind::Invoice | Kind::Receipt | Kind::CreditNote) {
        return Err(AppError::not_found());
    }
    let (quote, inquiry) = access::visible(conn, audience, quote).await?;
    let patient = patients::Entity::find_by_id(inquiry.patient_id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let clinic = providers::Entity::find_by_id(quote.provider_id).one(conn).await?.ok_or_else(AppError::not_found)?;
    // Names as they are now: an erased patient has none any more, the amounts stay (R-PY-69).
    let parties = Parties {
        patient: format!("{} {}", patient.first_name, patient.last_name),
        clinic: format!("{}, {}", clinic.provider_name, clinic.city),
    };
    let sheet = sheet(&row, &parties, locale)?;
    Ok(File { name: format!("{}.pdf", row.document_number), bytes: papers::draw(&sheet)? })
}

struct Parties {
    patient: String,
    clinic: String,
}

fn money_of(snapshot: &Json, field: &str) -> AppResult<Option<Money>> {
    match snapshot.get(field) {
        None | Some(Json::Null) => Ok(None),
        Some(value) => Ok(Some(serde_json::from_value(value.clone())?)),
    }
}

fn sheet(row: &payment_documents::Model, parties: &Parties, locale: Locale) -> AppResult<Sheet> {
    let t = |key: &str| locale::tr(locale, key, &[]);
    let print = |money: Money| papers::print(locale, money);
    let snapshot = &row.snapshot;
    let text = |field: &str| snapshot.get(field).and_then(Json::as_str).unwrap_or_default().to_owned();
    let line = |key: &str, money: Option<Money>, strong: bool| {
        money.map(|money| Line { label: t(key), amount: print(money), strong })
    };
    let amount = |field: &str| money_of(snapshot, field);
    let (title, lines, notes): (&str, Vec<Option<Line>>, Vec<String>) = match row.kind {
        Kind::Invoice => {
            let discount = amount("discount")?.filter(|money| money.amount.is_positive());
            let (total, charged) = (amount("total")?, amount("payment_total")?);
            let converted = charged.filter(|charged| total.is_none_or(|total| total.currency != charged.currency));
            let rate = converted.map(|_| locale::tr(locale, "paper-rate", &[("rate", text("rate").into())]));
            let lines = vec![
                line("paper-list", amount("list")?, false).filter(|_| discount.is_some()),
                discount.map(|money| Line {
                    label: t("paper-discount"),
                    amount: format!("− {}", print(money)),
                    strong: false,
                }),
                line("paper-total", total, converted.is_none()),
                line("paper-charged", converted, true),
            ];
            ("paper-invoice", lines, rate.into_iter().collect())
        }
        Kind::Receipt => ("paper-receipt", vec![line("paper-received", amount("received")?, true)], Vec::new()),
        _ => ("paper-credit-note", vec![line("paper-returned", amount("returned")?, true)], Vec::new()),
    };
    let facts = vec![
        (t("paper-number"), row.document_number.clone()),
        (t("paper-date"), locale::date(locale, row.issued_at.date_naive())),
        (t("paper-booking"), text("booking_reference")),
        (t("paper-patient"), parties.patient.clone()),
        (t("paper-clinic"), parties.clinic.clone()),
    ];
    Ok(Sheet {
        title: t(title),
        number: row.document_number.clone(),
        language: locale.code().to_owned(),
        facts,
        lines: lines.into_iter().flatten().collect(),
        notes: notes.into_iter().chain([t("paper-note")]).collect(),
        footer: t("paper-footer"),
    })
}
