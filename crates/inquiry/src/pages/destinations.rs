//! The countries to choose from: in the order for the reader's home (R-IQ-80), the chosen ones first and in the reader's
//! own order (R-IQ-03).

use catalogue::destinations::{self, Destination};
use directory::rules::price::home_currency;
use kernel::{AppResult, Money};
use platform::locale;
use ui::Ctx;

use super::steps::{ORDER, earlier};
use crate::rules::submission::DraftPayload;
use crate::service::draft;

/// A country with its box.
pub(super) struct Place {
    pub code: String,
    pub name: String,
    pub hint: String,
    /// What the button says that puts it before the one above; none for the first and for those not chosen.
    pub earlier: Option<String>,
}

impl Place {
    /// The country's flag, as the reader's device draws it.
    pub fn flag(&self) -> String {
        let letters = self.code.bytes().filter(u8::is_ascii_uppercase);
        letters.filter_map(|letter| char::from_u32(0x1_F1E6 + u32::from(letter - b'A'))).collect()
    }
}

/// All countries with clinics.
pub(super) struct PlaceList {
    /// In the reader's order; the first is the primary one.
    pub chosen: Vec<Place>,
    /// Shown at once.
    pub first: Vec<Place>,
    /// Behind "more".
    pub rest: Vec<Place>,
    /// "3 of 10 chosen".
    pub count: String,
    /// What the button says that saves the choice and shows its order.
    pub order: &'static str,
}

/// The countries for this reader, with prices in the money of home.
pub(super) async fn list(ctx: &Ctx, payload: &DraftPayload, most: usize) -> AppResult<PlaceList> {
    let conn = ctx.app.replica.conn();
    let patient = identity::patients::load(conn, draft::author(&ctx.actor)?).await?;
    let home = patient.country_code.as_deref();
    let currency = home_currency(home);
    let all = destinations::kept(&ctx.app, home, currency).await?;
    let chrome = &ctx.chrome;
    let place = |it: &Destination| {
        let clinics = chrome.tn("request-clinics-count", "count", i64::try_from(it.clinics).unwrap_or(0));
        let price = it.price.map(|price| {
            let about = if price.approximate { "≈ " } else { "" };
            format!("{about}{}", chrome.money(Money::new(price.price, currency)))
        });
        Place {
            code: it.country.iso_code.clone(),
            name: locale::country(chrome.locale, &it.country.iso_code, &it.country.name),
            hint: match price {
                Some(price) => format!("{clinics} · {}", chrome.tw("request-from", "price", price)),
                None => clinics,
            },
            earlier: None,
        }
    };
    let found = |code: &String| all.iter().find(|it| it.country.iso_code == *code);
    let chosen = payload.destinations.iter().enumerate().map(|(index, code)| Place {
        earlier: (index > 0).then(|| earlier(code)),
        ..found(code).map(place).unwrap_or_else(|| Place {
            // No clinic accepts there any more: it stays in sight until it is taken out.
            code: code.clone(),
            name: locale::country(chrome.locale, code, code),
            hint: String::new(),
            earlier: None,
        })
    });
    let others = all.iter().filter(|it| !payload.destinations.contains(&it.country.iso_code));
    let (first, rest): (Vec<&Destination>, Vec<&Destination>) = others.partition(|it| it.is_first);
    Ok(PlaceList {
        chosen: chosen.collect(),
        first: first.into_iter().map(place).collect(),
        rest: rest.into_iter().map(place).collect(),
        count: locale::tr(
            chrome.locale,
            "request-destinations-count",
            &[("count", payload.destinations.len().to_string().into()), ("most", most.to_string().into())],
        ),
        order: ORDER,
    })
}
