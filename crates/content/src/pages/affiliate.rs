//! The first page of an affiliate: who it is, its codes, and what they brought.

use askama::Template;
use axum::response::Response;
use platform::web::ApiResult;
use promotions::entity::affiliate_discount_codes::{AffiliateDiscountCodeDiscountType, AffiliateDiscountCodeStatus};
use promotions::queries::{self, OwnCode};
use ui::{Badge, Chrome, Inside, Tone, page};

struct CodeRow {
    code: String,
    discount: String,
    state: Badge,
    uses: String,
    ends: String,
}

#[derive(Template)]
#[template(path = "home_affiliate.html")]
struct AffiliateHome {
    chrome: Chrome,
    name: String,
    code: String,
    figures: Vec<(String, u64)>,
    codes: Vec<CodeRow>,
}

pub(super) async fn show(Inside(ctx): Inside) -> ApiResult<Response> {
    let own = queries::own(&ctx.app, &ctx.actor).await?;
    let chrome = ctx.chrome;
    let figures = [
        ("affiliate-patients", own.patients),
        ("affiliate-bookings", own.bookings),
        ("affiliate-completed", own.completed),
    ];
    page(&AffiliateHome {
        name: own.name,
        code: own.code.unwrap_or_default(),
        figures: figures.into_iter().map(|(key, count)| (chrome.t(key), count)).collect(),
        codes: own.codes.iter().map(|code| row(&chrome, code)).collect(),
        chrome,
    })
}

fn row(chrome: &Chrome, code: &OwnCode) -> CodeRow {
    let value = code.value.to_string();
    let value = value.strip_suffix(".00").unwrap_or(&value);
    let (tone, state) = match code.status {
        AffiliateDiscountCodeStatus::Active => (Tone::Good, "active"),
        AffiliateDiscountCodeStatus::Inactive => (Tone::Calm, "inactive"),
        AffiliateDiscountCodeStatus::Expired => (Tone::Calm, "expired"),
    };
    CodeRow {
        code: code.code.clone(),
        discount: match code.kind {
            AffiliateDiscountCodeDiscountType::Percentage => chrome.tw("affiliate-percent", "value", value),
            // A fixed value without a currency of its own counts in dollars.
            AffiliateDiscountCodeDiscountType::Fixed => {
                chrome.money(kernel::Money::new(code.value, kernel::Currency::USD))
            }
        },
        state: Badge::new(tone, chrome.word("affiliate-code-state", state)),
        uses: match code.limit {
            Some(limit) => format!("{} / {limit}", code.bookings),
            None => code.bookings.to_string(),
        },
        ends: code.ends.map(|day| chrome.date(day)).unwrap_or_default(),
    }
}
