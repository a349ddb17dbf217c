//! How long each class is kept, as staff read and set it: the settings of group retention in their own shape.

use std::collections::{BTreeMap, HashMap};

use analytics::setting_list::{self, Group};
use kernel::{Actor, AppResult};
use platform::App;
use platform::retention::{self, Class, GROUP, parse_overrides};
use serde::{Deserialize, Serialize};

/// Years by country and class.
pub type Overrides = BTreeMap<String, BTreeMap<String, u32>>;

/// What is in force.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Policies {
    /// The version these values stand at; send it back to change them.
    #[schema(example = 3)]
    pub version: i32,
    /// Longer years of single countries, by class.
    #[schema(value_type = Object, example = json!({ "DE": { "medical": 10 } }))]
    pub country_overrides: Overrides,
    /// Years after the last medical event.
    #[schema(example = 7)]
    pub medical_years: i64,
    /// Years after the last financial event.
    #[schema(example = 7)]
    pub financial_years: i64,
    /// Years after the last message.
    #[schema(example = 7)]
    pub communication_years: i64,
    /// Years of an entry of the audit log.
    #[schema(example = 10)]
    pub audit_years: i64,
    /// Months of who looked at which figures.
    #[schema(example = 12)]
    pub analytics_access_months: i64,
    /// Days of failed jobs.
    #[schema(example = 90)]
    pub technical_days: i64,
    /// Hours a copy of somebody's data can be fetched.
    #[schema(example = 48)]
    pub bundle_link_hours: i64,
}

impl Policies {
    fn of(group: &Group) -> AppResult<Self> {
        let text = |key: &str| {
            let found = group.values.iter().find(|(setting, _)| setting.name().1 == key);
            found.map_or("", |(_, value)| value.as_str())
        };
        let number = |key: &str| text(key).parse().unwrap_or_default();
        let overrides = parse_overrides(text(retention::COUNTRY_OVERRIDES.key()))?;
        let named = |classes: BTreeMap<Class, u32>| {
            classes.into_iter().map(|(class, years)| (class.name().to_owned(), years)).collect()
        };
        Ok(Self {
            version: group.version,
            country_overrides: overrides.into_iter().map(|(country, classes)| (country, named(classes))).collect(),
            medical_years: number(retention::MEDICAL_YEARS.key()),
            financial_years: number(retention::FINANCIAL_YEARS.key()),
            communication_years: number(retention::COMMUNICATION_YEARS.key()),
            audit_years: number(retention::AUDIT_YEARS.key()),
            analytics_access_months: number(retention::ANALYTICS_ACCESS_MONTHS.key()),
            technical_days: number(retention::TECHNICAL_DAYS.key()),
            bundle_link_hours: number(retention::BUNDLE_LINK_HOURS.key()),
        })
    }
}

/// What is to be in force; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "version": 3, "medical_years": 8, "country_overrides": { "DE": { "medical": 10 } },
    "reason": "The law of the country asks for it." }))]
pub struct PolicyChange {
    /// The version that was shown.
    pub version: i32,
    /// 10 to 500 characters.
    #[serde(default)]
    pub reason: String,
    /// All of them; years only get longer.
    #[schema(value_type = Option<Object>)]
    pub country_overrides: Option<Overrides>,
    /// 7 to 30.
    pub medical_years: Option<i64>,
    /// 7 to 30.
    pub financial_years: Option<i64>,
    /// 7 to 30.
    pub communication_years: Option<i64>,
    /// 10 to 30.
    pub audit_years: Option<i64>,
    /// 12 to 24.
    pub analytics_access_months: Option<i64>,
    /// 30 to 365.
    pub technical_days: Option<i64>,
    /// 1 to 72.
    pub bundle_link_hours: Option<i64>,
}

/// The policies in force. Errors: 403 without `view_setting`.
pub async fn show(app: &App, actor: &Actor) -> AppResult<Policies> {
    Policies::of(&setting_list::group(app, actor, GROUP).await?)
}

/// Sets policies as the next version of their group. What is due is worked out with them from the next run on.
///
/// Errors: 403 without `edit_setting`, `reauth_required`; 409 `stale_version`; 422 on the fields at fault.
pub async fn change(app: &App, actor: &Actor, change: PolicyChange) -> AppResult<Policies> {
    let group = setting_list::group(app, actor, GROUP).await?;
    let mut entered: HashMap<&str, String> =
        group.values.iter().map(|(setting, value)| (setting.name().1, value.clone())).collect();
    for (setting, value) in [
        (&retention::MEDICAL_YEARS, change.medical_years),
        (&retention::FINANCIAL_YEARS, change.financial_years),
        (&retention::COMMUNICATION_YEARS, change.communication_years),
        (&retention::AUDIT_YEARS, change.audit_years),
        (&retention::ANALYTICS_ACCESS_MONTHS, change.analytics_access_months),
        (&retention::TECHNICAL_DAYS, change.technical_days),
        (&retention::BUNDLE_LINK_HOURS, change.bundle_link_hours),
    ] {
        if let Some(value) = value {
            entered.insert(setting.key(), value.to_string());
        }
    }
    if let Some(overrides) = &change.country_overrides {
        let of = |(country, classes): (&String, &BTreeMap<String, u32>)| {
            classes.iter().map(|(class, years)| format!("{country} {class} {years}")).collect::<Vec<_>>()
        };
        let lines: Vec<String> = overrides.iter().flat_map(of).collect();
        entered.insert(retention::COUNTRY_OVERRIDES.key(), lines.join("\n"));
    }
    let value_of = |key: &str| entered.get(key).map_or("", String::as_str);
    setting_list::save(app, actor, GROUP, change.version, &change.reason, value_of).await?;
    show(app, actor).await
}
