//! Which gateway account takes a patient's money (R-PY-27), and what the keys of an account must be (R-PY-72).

use kernel::Currency;
use kernel::ids::{GatewayAccountId, LocationPreferenceId};

use crate::entity::gateway_accounts::GatewayAccountMode as Mode;

/// What routing knows of an account that is ready to be used.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its id.
    pub id: GatewayAccountId,
    /// Countries mapped to it (ISO 3166-1, capital letters).
    pub countries: Vec<String>,
    /// Regional groups mapped to it.
    pub groups: Vec<LocationPreferenceId>,
    /// What it takes; nothing here is everything.
    pub currencies: Vec<Currency>,
    /// Whether it takes everybody else's money.
    pub is_fallback: bool,
}

/// Who pays, as routing sees it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Payer<'a> {
    /// The patient's country.
    pub country: Option<&'a str>,
    /// The regional groups that country is in.
    pub groups: &'a [LocationPreferenceId],
    /// The money, where it is known already.
    pub currency: Option<Currency>,
}

/// The account mapped to the patient's country, else to its regional group, else the fallback; `None` is
/// `payment_unavailable_region`. An account that does not take the money is passed over.
pub fn route<'a>(accounts: &'a [Account], payer: Payer<'_>) -> Option<&'a Account> {
    let takes = |account: &&Account| {
        let wanted = payer.currency.filter(|_| !account.currencies.is_empty());
        wanted.is_none_or(|currency| account.currencies.contains(&currency))
    };
    let by_country =
        |account: &&Account| payer.country.is_some_and(|country| account.countries.iter().any(|c| c == country));
    let by_group = |account: &&Account| account.groups.iter().any(|group| payer.groups.contains(group));
    let able = || accounts.iter().filter(takes);
    able().find(by_country).or_else(|| able().find(by_group)).or_else(|| able().find(|account| account.is_fallback))
}

/// The mode two keys of Stripe stand for: test and live never mix, and a secret key stays secret.
///
/// `None` where one of them is no such key, or they do not belong to the same mode.
pub fn mode_of(public: &str, secret: &str) -> Option<Mode> {
    let test = public.starts_with("pk_test_") && ["sk_test_", "rk_test_"].iter().any(|it| secret.starts_with(it));
    let live = public.starts_with("pk_live_") && ["sk_live_", "rk_live_"].iter().any(|it| secret.starts_with(it));
    match (test, live) {
        (true, _) => Some(Mode::Test),
        (_, true) => Some(Mode::Live),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(countries: &[&str], is_fallback: bool) -> Account {
        let countries = countries.iter().map(ToString::to_string).collect();
        let (groups, currencies) = (Vec::new(), Vec::new());
        Account { id: GatewayAccountId::new(), countries, groups, currencies, is_fallback }
    }

    fn from<'a>(country: &'a str) -> Payer<'a> {
        Payer { country: Some(country), ..Payer::default() }
    }

    /// R-PY-27.
    #[test]
    fn the_country_wins_over_the_fallback() {
        let accounts = [account(&[], true), account(&["GB", "IE"], false)];
        assert_eq!(route(&accounts, from("GB")).map(|a| a.id), Some(accounts[1].id));
        assert_eq!(route(&accounts, from("DE")).map(|a| a.id), Some(accounts[0].id));
        assert_eq!(route(&accounts, Payer::default()).map(|a| a.id), Some(accounts[0].id));
        assert!(route(&accounts[1..], from("DE")).is_none());
    }

    /// R-PY-27.
    #[test]
    fn the_regional_group_stands_between_country_and_fallback() {
        let gulf = LocationPreferenceId::new();
        let mut regional = account(&[], false);
        regional.groups = vec![gulf];
        let accounts = [account(&[], true), regional, account(&["AE"], false)];
        let groups = [gulf];
        let in_gulf = |country| Payer { country: Some(country), groups: &groups, currency: None };
        assert_eq!(route(&accounts, in_gulf("QA")).map(|a| a.id), Some(accounts[1].id));
        assert_eq!(route(&accounts, in_gulf("AE")).map(|a| a.id), Some(accounts[2].id), "the country comes first");
        assert_eq!(route(&accounts, from("QA")).map(|a| a.id), Some(accounts[0].id), "in no group");
    }

    #[test]
    fn an_account_that_does_not_take_the_money_is_passed_over() {
        let mut pounds = account(&["GB"], false);
        pounds.currencies = vec![Currency::GBP];
        let accounts = [pounds, account(&[], true)];
        let paying = |currency| Payer { country: Some("GB"), groups: &[], currency: Some(currency) };
        assert_eq!(route(&accounts, paying(Currency::GBP)).map(|a| a.id), Some(accounts[0].id));
        assert_eq!(route(&accounts, paying(Currency::USD)).map(|a| a.id), Some(accounts[1].id));
        assert!(route(&accounts[..1], paying(Currency::USD)).is_none());
    }

    /// R-PY-72.
    #[test]
    fn both_keys_are_of_one_mode() {
        assert_eq!(mode_of("pk_test_a", "sk_test_b"), Some(Mode::Test));
        assert_eq!(mode_of("pk_live_a", "rk_live_b"), Some(Mode::Live));
        for (public, secret) in
            [("pk_test_a", "sk_live_b"), ("sk_test_a", "sk_test_b"), ("pk_live_a", "pk_live_a"), ("", "")]
        {
            assert_eq!(mode_of(public, secret), None, "{public} {secret}");
        }
    }
}
