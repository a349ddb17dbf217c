//! Reading a numbered paper as a PDF, in the reader's language.

use directory::entity::providers;
use identity::entity::patients;
use kernel::ids::{AftercarePaymentId, PatientId, PaymentDocumentId, ProviderId};
use kernel::{Actor, AppError, AppResult, Money};
use platform::App;
use platform::locale::{self, Locale};
use sea_orm::EntityTrait;
use serde_json::Value as Json;

use crate::entity::aftercare_payments;
use crate::entity::payment_documents::{self, PaymentDocumentKind as Kind, PaymentDocumentSubjectType};
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
    if !matches!(row.kind, Kind::Invoice | Kind::Receipt | Kind::CreditNote) {
        return Err(AppError::not_found());
    }
    let (patient, clinic) = match row.quote_id {
        Some(quote) => {
            let (quote, inquiry) = access::visible(conn, audience, quote).await?;
            (inquiry.patient_id, Some(quote.provider_id))
        }
        None => of_aftercare(app, audience, &row).await?,
    };
    let patient = patients::Entity::find_by_id(patient).one(conn).await?.ok_or_else(AppError::not_found)?;
    let clinic = match clinic {
        Some(id) => Some(providers::Entity::find_by_id(id).one(conn).await?.ok_or_else(AppError::not_found)?),
        None => None,
    };
    // Names as they are now: an erased patient has none any more, the amounts stay (R-PY-69).
    let parties = Parties {
        patient: format!("{} {}", patient.first_name, patient.last_name),
        clinic: clinic.map(|clinic| format!("{}, {}", clinic.provider_name, clinic.city)),
    };
    let sheet = sheet(&row, &parties, locale)?;
    Ok(File { name: format!("{}.pdf", row.document_number), bytes: papers::draw(&sheet)? })
}

struct Parties {
    patient: String,
    /// None before a clinic looks after the patient.
    clinic: Option<String>,
}

/// Whose paper of aftercare it is, and the clinic that looks after them by now.
async fn of_aftercare(
    app: &App,
    audience: Audience,
    row: &payment_documents::Model,
) -> AppResult<(PatientId, Option<ProviderId>)> {
    if row.subject_type != PaymentDocumentSubjectType::AftercarePayment {
        return Err(AppError::not_found());
    }
    let charge = AftercarePaymentId::from(row.subject_id);
    let charge = aftercare_payments::Entity::find_by_id(charge).one(app.db.conn()).await?;
    let charge = charge.ok_or_else(AppError::not_found)?;
    match audience {
        Audience::Patient(patient) if patient == charge.patient_id => {}
        Audience::Staff => {}
        _ => return Err(AppError::not_found()),
    }
    Ok((charge.patient_id, charge.provider_id))
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
    ];
    let clinic = parties.clinic.clone().map(|clinic| (t("paper-clinic"), clinic));
    Ok(Sheet {
        title: t(title),
        number: row.document_number.clone(),
        language: locale.code().to_owned(),
        facts: facts.into_iter().chain(clinic).collect(),
        lines: lines.into_iter().flatten().collect(),
        notes: notes.into_iter().chain([t("paper-note")]).collect(),
        footer: t("paper-footer"),
    })
}
