//! What a role may be given, and what that brings along (R-ID-46..48, 50).

use std::collections::BTreeSet;

use kernel::permission::{CATALOGUE, CatalogueEntry, Grantable, Permission};
use kernel::{AppError, AppResult, FieldErrors, Guard};

/// The entry of a permission on a guard.
pub fn entry(guard: Guard, permission: Permission) -> Option<&'static CatalogueEntry> {
    CATALOGUE.iter().find(|entry| entry.guard == guard && entry.permission == permission)
}

/// The permission to see what another one changes: `view_quote` for `edit_quote`, where it exists.
pub fn view_of(guard: Guard, permission: Permission) -> Option<Permission> {
    let name = permission.name();
    let resource = ["edit_", "manage_", "create_"].iter().find_map(|action| name.strip_prefix(action))?;
    let view: Permission = format!("view_{resource}").parse().ok()?;
    entry(guard, view).map(|entry| entry.permission)
}

/// The group a permission stands in on the matrix.
pub fn group_of(guard: Guard, permission: Permission) -> &'static str {
    use Permission as P;
    // The catalogue is written group by group: these begin one.
    let begins: &[(Permission, &str)] = match guard {
        Guard::Api => &[
            (P::ViewDashboard, "patients"),
            (P::ViewProvider, "providers"),
            (P::ViewAftercare, "aftercare"),
            (P::ViewInquiry, "inquiries"),
            (P::ViewReview, "reviews"),
            (P::ViewTransaction, "billing"),
            (P::ViewDiscount, "promotions"),
            (P::ViewAffiliate, "affiliates"),
            (P::ViewAnalytics, "analytics"),
            (P::ViewSupportCase, "communication"),
            (P::ViewTravelBooking, "travel"),
            (P::ViewSetting, "settings"),
        ],
        Guard::Provider => &[
            (P::ViewInquiry, "inquiries"),
            (P::ViewPatient, "patients"),
            (P::ViewAppointment, "appointments"),
            (P::ViewTreatmentCase, "treatment"),
            (P::ViewAftercare, "aftercare"),
            (P::ViewFinancialDashboard, "finance"),
            (P::ViewTeam, "team"),
            (P::ViewProfile, "clinic"),
        ],
        Guard::Patient | Guard::Affiliate => &[],
    };
    let mut group = "other";
    for listed in CATALOGUE.iter().filter(|listed| listed.guard == guard) {
        if let Some((_, begun)) = begins.iter().find(|(first, _)| *first == listed.permission) {
            group = begun;
        }
        if listed.permission == permission {
            return group;
        }
    }
    "other"
}

/// A change of what a role grants, worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// What the role will grant.
    pub after: BTreeSet<Permission>,
    /// New.
    pub added: Vec<Permission>,
    /// Gone.
    pub removed: Vec<Permission>,
    /// New because something else needs it.
    pub implied: Vec<Permission>,
    /// New and sensitive: must be confirmed.
    pub sensitive: Vec<Permission>,
}

/// Works out what a role will grant when it is to hold `wanted`: the view of what it may change comes along.
///
/// Errors, 422 on `permissions`: `permissions_required`, `permission_not_of_guard`, `not_grantable` for what belongs to the
/// top role alone, `dependent_permission` when a view is taken away while what needs it stays.
pub fn diff(guard: Guard, before: &BTreeSet<Permission>, wanted: &BTreeSet<Permission>) -> AppResult<Diff> {
    let mut errors = FieldErrors::new();
    if wanted.is_empty() {
        errors.add("permissions", "permissions_required", "A role needs at least one permission.");
    }
    let mut after = wanted.clone();
    let mut implied = Vec::new();
    for permission in wanted {
        match entry(guard, *permission) {
            None => errors.add(
                "permissions",
                "permission_not_of_guard",
                format!("{permission} does not exist for this kind of account."),
            ),
            Some(entry) if entry.grantable == Grantable::TopOnly => {
                errors.add("permissions", "not_grantable", format!("{permission} belongs to the top role alone."));
            }
            Some(_) => {}
        }
        let Some(view) = view_of(guard, *permission).filter(|view| !wanted.contains(view)) else { continue };
        if before.contains(&view) && before.contains(permission) {
            errors.add(
                "permissions",
                "dependent_permission",
                format!("{view} cannot be taken away while {permission} stays."),
            );
        } else if after.insert(view) {
            implied.push(view);
        }
    }
    errors.check()?;
    let added: Vec<Permission> = after.difference(before).copied().collect();
    let is_sensitive = |permission: &Permission| entry(guard, *permission).is_some_and(|entry| entry.sensitive);
    Ok(Diff {
        removed: before.difference(&after).copied().collect(),
        sensitive: added.iter().copied().filter(is_sensitive).collect(),
        implied,
        added,
        after,
    })
}

/// The permissions of these names; 422 `permission_unknown`.
pub fn parse(names: &[String]) -> AppResult<BTreeSet<Permission>> {
    let mut errors = FieldErrors::new();
    let mut found = BTreeSet::new();
    for name in names {
        match name.parse() {
            Ok(permission) => {
                found.insert(permission);
            }
            Err(_) => errors.add("permissions", "permission_unknown", "There is no such permission."),
        }
    }
    errors.check()?;
    Ok(found)
}

/// Refuses sensitive grants that nobody confirmed: 422 `confirm_sensitive`.
pub fn require_confirmed(diff: &Diff, confirmed: bool) -> AppResult<()> {
    if confirmed || diff.sensitive.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = diff.sensitive.iter().map(|permission| permission.name()).collect();
    let detail = "Some of these rights are sensitive. Confirm that the role should have them.";
    Err(AppError::field("confirm_sensitive", "confirm_sensitive", detail).with("sensitive", names))
}

#[cfg(test)]
mod tests {
    use Permission as P;

    use super::*;

    fn set(permissions: &[Permission]) -> BTreeSet<Permission> {
        permissions.iter().copied().collect()
    }

    fn refused(before: &[Permission], wanted: &[Permission]) -> String {
        let error = diff(Guard::Api, &set(before), &set(wanted)).unwrap_err();
        error.fields.0["permissions"][0].code.to_string()
    }

    #[test]
    fn r_id_48_a_change_brings_its_view_along() {
        let found = diff(Guard::Api, &set(&[P::ViewDashboard]), &set(&[P::ViewDashboard, P::EditQuote])).unwrap();
        assert_eq!((found.added, found.implied), (vec![P::ViewQuote, P::EditQuote], vec![P::ViewQuote]));
        assert_eq!(refused(&[P::ViewQuote, P::EditQuote], &[P::EditQuote]), "dependent_permission");
        let gone =
            diff(Guard::Api, &set(&[P::ViewQuote, P::EditQuote, P::ViewDashboard]), &set(&[P::ViewDashboard])).unwrap();
        assert_eq!(gone.removed, [P::ViewQuote, P::EditQuote]);
        // No view of that name: nothing comes along.
        assert_eq!(view_of(Guard::Api, P::ManageCampaignAdoption), None);
        assert_eq!(view_of(Guard::Provider, P::CreateAppointment), Some(P::ViewAppointment));
    }

    #[test]
    fn r_id_47_what_a_role_cannot_hold() {
        assert_eq!(refused(&[], &[]), "permissions_required");
        assert_eq!(refused(&[], &[P::ManageRole]), "not_grantable");
        assert_eq!(refused(&[], &[P::ManageBankDetail]), "permission_not_of_guard");
    }

    #[test]
    fn sensitive_grants_are_confirmed() {
        let found = diff(Guard::Api, &set(&[P::IssueRefund]), &set(&[P::IssueRefund, P::ProcessPayout])).unwrap();
        assert_eq!(found.sensitive, [P::ProcessPayout], "what was there before needs no second word");
        assert_eq!(
            require_confirmed(&found, false).unwrap_err().fields.0["confirm_sensitive"][0].code,
            "confirm_sensitive"
        );
        require_confirmed(&found, true).unwrap();
    }

    #[test]
    fn every_permission_stands_in_a_group() {
        for entry in CATALOGUE.iter().filter(|entry| matches!(entry.guard, Guard::Api | Guard::Provider)) {
            assert_ne!(group_of(entry.guard, entry.permission), "other", "{}", entry.permission);
        }
        assert_eq!(group_of(Guard::Api, P::ManageRole), "settings");
        assert_eq!(group_of(Guard::Provider, P::RemoveTeamMember), "team");
    }
}
