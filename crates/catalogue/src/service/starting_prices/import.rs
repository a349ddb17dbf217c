//! Prices from a file, tried before they are taken.

use kernel::{Actor, AppError, AppResult};
use platform::App;
use serde::Deserialize;
use serde_json::json;

use super::{StartingPriceInput, keeper, note, put, read};
use crate::money_input::MoneyInput;
use crate::service::checks;

/// The most prices of one file.
const MOST_LINES: usize = 2000;

/// One line of a file of prices that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, Deserialize, utoipa::ToSchema)]
pub struct LineError {
    /// Number of the line; the head is line 1.
    #[schema(example = 3)]
    pub line: usize,
    /// Stable code.
    #[schema(example = "country_unknown")]
    pub code: String,
    /// A sentence.
    pub message: String,
}

/// What a file of prices would do, or did.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Import {
    /// How many prices are in it.
    pub prices: usize,
    /// What is wrong with it; when there is anything, nothing is saved.
    pub errors: Vec<LineError>,
    /// Whether it was saved.
    pub saved: bool,
}

/// Reads prices from CSV (`country_code,price,currency,is_fallback,effective_from,effective_to`): a trial that only
/// tells what is wrong, line by line, or, when `save`, all of them or none.
///
/// Errors: 403; 422 `csv_head`, `too_many_prices`; faults of lines stand in the answer.
pub async fn import(app: &App, actor: &Actor, csv: &str, reason: &str, save: bool) -> AppResult<Import> {
    let user = keeper(actor)?;
    let reason = checks::reason(reason)?;
    let inputs = parse(csv, &reason)?;
    let mut import = Import { prices: inputs.len(), ..Import::default() };
    let mut ready = Vec::new();
    for (line, input) in inputs {
        match input.and_then(|input| read(app, &input)) {
            Ok(one) => ready.push((line, one)),
            Err(error) => import.errors.push(line_error(line, &error)),
        }
    }
    // Tried in a transaction that is thrown away unless all of it is right: overlaps show only against the rows.
    let tried: AppResult<Vec<LineError>> = platform::write_txn!(app.db, |txn| {
        let mut faults = Vec::new();
        let mut last = None;
        for (line, one) in &ready {
            match put(txn, app, user, one).await {
                Ok(id) => last = Some(id),
                Err(error) if error.db_error().is_some() => return Err(error),
                Err(error) => faults.push(line_error(*line, &error)),
            }
        }
        if !save || !faults.is_empty() || !import.errors.is_empty() {
            return Err(AppError::conflict("trial", "Nothing is kept.").with("faults", &faults));
        }
        if let Some(id) = last {
            note(txn, app, actor, id.any(), &reason, json!({ "imported": ready.len() })).await?;
        }
        Ok(faults)
    });
    match tried {
        Ok(_) => import.saved = true,
        Err(error) if error.code == "trial" => {
            let faults = error.extra.get("faults").cloned().unwrap_or_default();
            import.errors.extend(serde_json::from_value::<Vec<LineError>>(faults)?);
            import.errors.sort_by_key(|error| error.line);
        }
        Err(error) => return Err(error),
    }
    Ok(import)
}

fn line_error(line: usize, error: &AppError) -> LineError {
    let first = error.fields.0.values().flatten().next();
    LineError {
        line,
        code: first.map_or_else(|| error.code.to_string(), |fault| fault.code.to_string()),
        message: first.map_or_else(|| error.detail.clone(), |fault| fault.message.clone()),
    }
}

const HEAD: [&str; 6] = ["country_code", "price", "currency", "is_fallback", "effective_from", "effective_to"];

fn parse(csv: &str, reason: &str) -> AppResult<Vec<(usize, AppResult<StartingPriceInput>)>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(csv.as_bytes());
    let head = reader.headers().map(|head| head.iter().map(str::to_ascii_lowercase).collect::<Vec<_>>());
    if head.map_or(true, |head| head != HEAD) {
        let sentence = format!("The first line must read {}.", HEAD.join(","));
        return Err(AppError::field("file", "csv_head", sentence));
    }
    let mut found = Vec::new();
    for (record, line) in reader.records().zip(2..) {
        if line > MOST_LINES + 1 {
            return Err(AppError::field("file", "too_many_prices", format!("At most {MOST_LINES} prices at once.")));
        }
        found.push((line, record.map_err(|_| unreadable("line")).and_then(|record| one(&record, reason))));
    }
    Ok(found)
}

fn unreadable(field: &str) -> AppError {
    AppError::field(field, "invalid", format!("{field} cannot be read."))
}

fn one(record: &csv::StringRecord, reason: &str) -> AppResult<StartingPriceInput> {
    let cell = |at: usize| record.get(at).unwrap_or_default();
    let day = |at: usize, name: &str| match cell(at) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| unreadable(name)),
    };
    let is_fallback = match cell(3).to_ascii_lowercase().as_str() {
        "" | "0" | "no" | "false" => false,
        "1" | "yes" | "true" => true,
        _ => return Err(unreadable("is_fallback")),
    };
    Ok(StartingPriceInput {
        country_code: Some(cell(0).to_owned()),
        location_id: None,
        price: MoneyInput { amount: cell(1).to_owned(), currency: cell(2).to_owned() },
        is_fallback,
        effective_from: day(4, "effective_from")?,
        effective_to: day(5, "effective_to")?,
        description: None,
        reason: reason.to_owned(),
    })
}
