//! Requests by what staff type: the beginning of a code, a name or an address. Each way is one range of an index, so that
//! a million requests are searched like a hundred.

use directory::entity::providers;
use identity::entity::patients;
use kernel::ids::{InquiryId, ProviderId};
use kernel::{AppError, AppResult};
use platform::db::{MOST_COUNTED, row_by_row};
use platform::web::like_begins;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Order, Query, SelectStatement, SimpleExpr, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use crate::entity::inquiries;
use crate::entity::inquiry_providers::{self, InquiryProviderStatus};

/// Where is looked, beside the codes of request and patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Nowhere.
    Codes,
    /// In names and addresses of patients: for staff, nobody else finds people by them (R-IQ-91).
    CodesAndNames,
}

/// What is looked up for a filter of staff before their list is read.
#[derive(Clone, Default)]
pub struct LookedUp {
    /// The requests meant by a text.
    pub meant: Option<Vec<InquiryId>>,
    /// That a request went to a clinic of a country.
    pub there: Option<SimpleExpr>,
}

impl LookedUp {
    /// One statement for each that is asked for.
    ///
    /// Errors: those of [`by_text`].
    pub async fn by_staff(
        conn: &impl ConnectionTrait,
        text: Option<&str>,
        among: Among,
        provider_country: Option<&str>,
    ) -> AppResult<Self> {
        let mut looked = Self::default();
        if let Some(text) = text {
            looked.meant = Some(by_text(conn, text, among).await?);
        }
        if let Some(country) = provider_country {
            looked.there = Some(went_to(conn, country).await?);
        }
        Ok(looked)
    }
}

/// How the database comes to a page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// As it likes: from the patients of a country to their requests, and then sorted.
    Free,
    /// From request to request in the order of the list, looking at each one's patient.
    InOrder,
}

impl Walk {
    /// A column of the patient to compare. What replaces an absent value keeps the database from beginning with patients.
    pub fn patients(self, column: patients::Column, absent: &'static str) -> SimpleExpr {
        let column = Expr::col((patients::Entity, column));
        match self {
            Self::Free => column,
            Self::InOrder => Func::coalesce([column, Expr::val(absent)]).into(),
        }
    }

    /// That the patient is at home in a country (ISO code).
    pub fn of_country(self, country: &str) -> SimpleExpr {
        self.patients(patients::Column::CountryCode, "").eq(country.to_uppercase())
    }
}

/// What codes begin with; people leave it out.
const INQUIRY_PREFIX: &str = "HPID";
const PATIENT_PREFIX: &str = "PAT-";

/// The longest text staff look for; everybody else looks for codes.
const LONGEST: usize = 200;

#[derive(FromQueryResult)]
struct Found {
    id: InquiryId,
}

/// The requests meant by a text, at most [`MOST_COUNTED`] and one of each way of finding them; in one statement.
///
/// Errors: 422 `query_too_long` beyond 200 characters.
pub async fn by_text(conn: &impl ConnectionTrait, text: &str, among: Among) -> AppResult<Vec<InquiryId>> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return Err(AppError::field("q", "query_too_long", "Search for at most 200 characters."));
    }
    let mut ways = by_codes(text);
    if among == Among::CodesAndNames {
        ways.extend(by_person(text));
    }
    let mut ways = ways.into_iter();
    let Some(mut all) = ways.next() else { return Ok(Vec::new()) };
    for way in ways {
        all.union(UnionType::Distinct, way);
    }
    let rows = Found::find_by_statement(conn.get_database_backend().build(&all)).all(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

fn by_codes(text: &str) -> Vec<SelectStatement> {
    let code = text.to_uppercase();
    let number = code.starts_with(|c: char| c.is_ascii_digit());
    let begins = |prefix: &str| {
        let mut any = vec![like_begins(&code)];
        if number {
            any.push(like_begins(&format!("{prefix}{code}")));
        }
        any
    };
    let own = begins(INQUIRY_PREFIX)
        .into_iter()
        .map(|part| of_inquiries(Expr::col((inquiries::Entity, inquiries::Column::InquiryCode)).like(part)));
    let of_people = begins(PATIENT_PREFIX)
        .into_iter()
        .map(|part| of_patients(Expr::col((patients::Entity, patients::Column::PatientCode)).like(part)));
    own.chain(of_people).collect()
}

/// "Doe", "John", "John Doe" and "john@".
fn by_person(text: &str) -> Vec<SelectStatement> {
    let begins = |column, part: &str| Expr::col((patients::Entity, column)).like(like_begins(part));
    let mut ways = vec![
        of_patients(begins(patients::Column::LastName, text)),
        of_patients(begins(patients::Column::FirstName, text)),
        of_patients(begins(patients::Column::Email, text)),
    ];
    if let Some((first, last)) = text.split_once(char::is_whitespace) {
        let both = begins(patients::Column::FirstName, first.trim());
        ways.push(of_patients(both.and(begins(patients::Column::LastName, last.trim()))));
    }
    ways
}

fn of_inquiries(condition: SimpleExpr) -> SelectStatement {
    bounded(
        Query::select()
            .column((inquiries::Entity, inquiries::Column::Id))
            .from(inquiries::Entity)
            .and_where(condition)
            // The newest of very many.
            .order_by((inquiries::Entity, inquiries::Column::InquiryCode), Order::Desc)
            .limit(MOST_COUNTED + 1)
            .to_owned(),
    )
}

fn of_patients(condition: SimpleExpr) -> SelectStatement {
    bounded(
        Query::select()
            .column((inquiries::Entity, inquiries::Column::Id))
            .from(patients::Entity)
            .inner_join(
                inquiries::Entity,
                Expr::col((inquiries::Entity, inquiries::Column::PatientId))
                    .equals((patients::Entity, patients::Column::Id)),
            )
            .and_where(condition)
            .limit(MOST_COUNTED + 1)
            .to_owned(),
    )
}

/// A limit of its own within a union needs a select around it on SQLite.
fn bounded(select: SelectStatement) -> SelectStatement {
    Query::select().column(Alias::new("id")).from_subquery(select, Alias::new("some")).to_owned()
}

/// Clinics of a country whose requests are quickly collected.
const FEW: u64 = 50;

/// Requests that went to a clinic of a country (ISO code): those of few clinics are collected, those of many are met
/// soon on any walk. One statement.
pub async fn went_to(conn: &impl ConnectionTrait, country: &str) -> AppResult<SimpleExpr> {
    let country = country.to_uppercase();
    let there = providers::Entity::find().filter(providers::Column::CountryCode.eq(&country));
    let few = there.clone().limit(FEW + 1).select_only().column(providers::Column::Id);
    let few: Vec<ProviderId> = few.into_tuple().all(conn).await?;
    let assigned = |column| Expr::col((inquiry_providers::Entity, column));
    let mut received = Query::select()
        .column((inquiry_providers::Entity, inquiry_providers::Column::InquiryId))
        .from(inquiry_providers::Entity)
        .and_where(assigned(inquiry_providers::Column::Status).ne(InquiryProviderStatus::Removed))
        .to_owned();
    if few.len() as u64 <= FEW {
        received.and_where(assigned(inquiry_providers::Column::ProviderId).is_in(few));
        return Ok(Expr::col((inquiries::Entity, inquiries::Column::Id)).in_subquery(received));
    }
    received
        .inner_join(
            providers::Entity,
            Expr::col((providers::Entity, providers::Column::Id))
                .equals((inquiry_providers::Entity, inquiry_providers::Column::ProviderId)),
        )
        .and_where(Expr::col((providers::Entity, providers::Column::CountryCode)).eq(country))
        .and_where(assigned(inquiry_providers::Column::InquiryId).equals((inquiries::Entity, inquiries::Column::Id)));
    Ok(row_by_row(Expr::exists(received)))
}
