//! The payout invoice as a PDF, for the clinic and for staff (R-PY-65).

use chrono::NaiveDate;
use directory::entity::providers;
use kernel::ids::ProviderBillId;
use kernel::{Actor, AppError, AppResult, Money};
use payments::entity::payment_documents::{self, PaymentDocumentKind, PaymentDocumentSubjectType};
use payments::papers::{self, Line, Sheet};
use payments::service::documents::File;
use platform::App;
use platform::locale::{self, Locale};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Deserialize;

use crate::entity::provider_bill_items::ProviderBillItemKind as Kind;
use crate::queries::bill_for;

/// What was written down when the invoice was numbered.
#[derive(Deserialize)]
struct Snapshot {
    bill_reference: String,
    period_start: NaiveDate,
    period_end: NaiveDate,
    last4: Option<String>,
    gross: Money,
    commission: Money,
    adjustment: Money,
    net: Money,
    lines: Vec<SnapshotLine>,
}

#[derive(Deserialize)]
struct SnapshotLine {
    kind: Kind,
    booking_reference: Option<String>,
    label: Option<String>,
    net: Money,
}

/// Draws the invoice of a paid statement.
///
/// Errors: 403; 404 for what is not the reader's, and before the money has arrived.
pub async fn file(app: &App, actor: &Actor, id: ProviderBillId, locale: Locale) -> AppResult<File> {
    let conn = app.db.conn();
    let bill = bill_for(conn, actor, id).await?;
    let row = payment_documents::Entity::find()
        .filter(payment_documents::Column::Kind.eq(PaymentDocumentKind::PayoutInvoice))
        .filter(payment_documents::Column::SubjectType.eq(PaymentDocumentSubjectType::ProviderBill))
        .filter(payment_documents::Column::SubjectId.eq(id.any()))
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)?;
    let clinic = providers::Entity::find_by_id(bill.provider_id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let sheet = sheet(&row, &format!("{}, {}", clinic.provider_name, clinic.city), locale)?;
    Ok(File { name: format!("{}.pdf", row.document_number), bytes: papers::draw(&sheet)? })
}

fn sheet(row: &payment_documents::Model, clinic: &str, locale: Locale) -> AppResult<Sheet> {
    let snapshot: Snapshot = serde_json::from_value(row.snapshot.clone())?;
    let t = |key: &str| locale::tr(locale, key, &[]);
    let print = |money: Money| papers::print(locale, money);
    let minus = |money: Money| format!("− {}", print(money));
    let line = |label: String, amount: String, strong: bool| Line { label, amount, strong };
    let mut lines: Vec<Line> = snapshot
        .lines
        .iter()
        .map(|item| {
            let what = match item.kind {
                Kind::Earning | Kind::Aftercare => "",
                Kind::RefundDeduction => "payout-line-deduction",
                Kind::CarryForward => "payout-line-carried",
                Kind::Manual => "payout-line-manual",
            };
            let of = item.booking_reference.clone().or_else(|| item.label.clone()).unwrap_or_default();
            let label = if what.is_empty() { of } else { format!("{} {of}", t(what)) };
            let is_taken = (-item.net.amount).is_positive();
            let amount =
                if is_taken { minus(Money::new(-item.net.amount, item.net.currency)) } else { print(item.net) };
            line(label, amount, false)
        })
        .collect();
    lines.push(line(t("payout-gross"), print(snapshot.gross), false));
    lines.push(line(t("payout-commission"), minus(snapshot.commission), false));
    if snapshot.adjustment.amount.is_positive() {
        lines.push(line(t("payout-adjustment"), minus(snapshot.adjustment), false));
    }
    lines.push(line(t("payout-net"), print(snapshot.net), true));
    let days =
        format!("{} – {}", locale::date(locale, snapshot.period_start), locale::date(locale, snapshot.period_end));
    let mut facts = vec![
        (t("paper-number"), row.document_number.clone()),
        (t("paper-date"), locale::date(locale, row.issued_at.date_naive())),
        (t("payout-reference"), snapshot.bill_reference),
        (t("payout-period"), days),
        (t("paper-clinic"), clinic.to_owned()),
    ];
    if let Some(last4) = snapshot.last4 {
        facts.push((t("payout-account"), format!("•••• {last4}")));
    }
    Ok(Sheet {
        title: t("paper-payout-invoice"),
        number: row.document_number.clone(),
        language: locale.code().to_owned(),
        facts,
        lines,
        notes: vec![t("paper-note")],
        footer: t("paper-footer"),
    })
}
