//! The pages of teams, invitations, staff and roles.

use axum::Extension;
use identity::entity::roles;
use kernel::{Actor, Guard};
use platform::outbox;
use platform::web::CsrfToken;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use testkit::{Client, Reply, TestApp};

use crate::support::*;

struct Browser {
    client: Client,
    csrf: String,
}

impl Browser {
    fn new(t: &TestApp, actor: Option<Actor>) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        let client = t.client(identity::pages().layer(Extension(token)));
        Self { client: actor.map_or_else(|| client.clone(), |actor| client.as_actor(actor)), csrf }
    }

    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.form(path, &all).await
    }
}

fn location(reply: &Reply) -> String {
    reply.headers["location"].to_str().unwrap().to_owned()
}

testkit::both! {
    async fn an_invited_colleague_comes_in(t: TestApp) {
        installed(&t).await;
        countries(&t).await;
        let a = clinic(&t, "Clinic A").await;
        let owner = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let owner = Browser::new(&t, Some(signed_in(&t, Guard::Provider, owner.any()).await.0));
        assert!(owner.client.get("/provider/team").await.assert_status(200).text().contains("Only you so far"));
        let form = [("first_name", "Elif"), ("last_name", "Demir"), ("email", "owner@a.example"), ("role", "provider_clinical"), ("message", "<b>Hi</b>")];
        let page = owner.send("/provider/team/invite", &form).await.assert_status(409).text();
        assert!(page.contains("value=\"Elif\"") && page.contains("There is an account with this address."), "{page}");
        let mut form = form.to_vec();
        form[2].1 = "elif@a.example";
        assert_eq!(location(&owner.send("/provider/team/invite", &form).await.assert_status(303)), "/provider/team/invitations?done=invited");
        assert!(owner.send("/provider/team/invite", &form).await.assert_status(409).text().contains("running invitation"));
        let token = mailed_token(&t, "elif@a.example").await;

        let guest = Browser::new(&t, None);
        let page = guest.client.get("/invitation").await.assert_status(200).text();
        assert!(page.contains("data-from-hash=\"token\"") && !page.contains(&token));
        let page = guest.send("/invitation", &[("token", "0000")]).await.assert_status(422).text();
        assert!(page.contains("This code opens no invitation."), "{page}");
        // The whole link does as well as the code.
        let page = guest.send("/invitation", &[("token", &format!("https://x.example/invitation#{token}"))]).await.assert_status(200).text();
        assert!(page.contains("Welcome to Clinic A") && page.contains("value=\"Demir\"") && page.contains("elif@a.example"), "{page}");
        let mut fields = vec![("token", token.as_str()), ("first_name", "Elif"), ("last_name", "Kaya"), ("phone_number", "+905551234567"),
            ("password", PASSWORD), ("password_confirmation", "other"), ("terms_accepted", "true")];
        let page = guest.send("/invitation/accept", &fields).await.assert_status(422).text();
        assert!(page.contains("value=\"Kaya\"") && page.contains("password_confirmation-error") && !page.contains(PASSWORD), "{page}");
        fields[5].1 = PASSWORD;
        assert_eq!(location(&guest.send("/invitation/accept", &fields).await.assert_status(303)), "/provider/login?done=joined");
        guest.send("/invitation/accept", &fields).await.assert_status(409);
        let csv = owner.client.get("/provider/team/csv?q=kaya").await.assert_status(200).text();
        assert!(csv.contains("\"Elif Kaya\",\"elif@a.example\",\"Clinical staff\"") && csv.lines().count() == 2, "{csv}");
        assert_eq!(audited(&t, "team.exported").await, 1);
    }

    async fn a_member_is_changed_and_let_go(t: TestApp) {
        installed(&t).await;
        let a = clinic(&t, "Clinic A").await;
        let owner_id = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let nurse = member(&t, a, "provider_clinical", "nurse@a.example", None).await;
        let owner = Browser::new(&t, Some(signed_in(&t, Guard::Provider, owner_id.any()).await.0));
        let path = format!("/provider/team/{nurse}");
        let page = owner.client.get(&format!("{path}/role?role=provider_billing")).await.assert_status(200).text();
        assert!(page.contains("See payouts") && page.contains("Document treatments"), "{page}");
        assert_eq!(location(&owner.send(&format!("{path}/role"), &[("role", "provider_billing"), ("version", "1")]).await.assert_status(303)), format!("{path}?done=role-changed"));
        let page = owner.send(&format!("{path}/role"), &[("role", "provider_manager"), ("version", "1")]).await.assert_status(409).text();
        assert!(page.contains("changed meanwhile") || page.contains("alert"), "{page}");
        let page = owner.send(&format!("{path}/suspend"), &[("reason", "short"), ("version", "2")]).await.assert_status(422).text();
        assert!(page.contains(">\nshort</textarea>") && page.contains("reason-error"), "{page}");
        owner.send(&format!("{path}/suspend"), &[("reason", REASON), ("version", "2")]).await.assert_status(303);
        owner.send(&format!("{path}/reactivate"), &[]).await.assert_status(303);
        owner.send(&format!("{path}/reactivate"), &[]).await.assert_status(409);
        assert_eq!(location(&owner.send(&format!("{path}/remove"), &[("reason", REASON)]).await.assert_status(303)), "/provider/team?done=member-removed");
        owner.client.get(&path).await.assert_status(404);
        // The owner's own page offers nothing of this.
        let own = format!("/provider/team/{owner_id}");
        let page = owner.client.get(&own).await.assert_status(200).text();
        assert!(!page.contains("/suspend") && !page.contains("/role\""), "{page}");
        owner.client.get(&format!("{own}/role")).await.assert_status(303);
        // After five minutes the page asks who it is, and keeps what was typed.
        let next = member(&t, a, "provider_clinical", "next@a.example", None).await;
        t.advance(chrono::Duration::minutes(6));
        let page = owner.send(&format!("/provider/team/{next}/remove"), &[("reason", REASON)]).await.assert_status(200).text();
        assert!(page.contains("confirm_password") && page.contains(REASON), "{page}");
        let both = [("reason", REASON), ("confirm_password", PASSWORD)];
        owner.send(&format!("/provider/team/{next}/remove"), &both).await.assert_status(303);
    }

    /// R-ID-49: a role that begins later stands on the member's page until it holds, and can be called off there.
    async fn a_role_is_planned_and_called_off(t: TestApp) {
        installed(&t).await;
        let a = clinic(&t, "Clinic A").await;
        let owner_id = member(&t, a, "provider_owner", "owner@a.example", None).await;
        let nurse = member(&t, a, "provider_clinical", "nurse@a.example", None).await;
        let owner = Browser::new(&t, Some(signed_in(&t, Guard::Provider, owner_id.any()).await.0));
        let path = format!("/provider/team/{nurse}");
        let mut wish = vec![("role", "provider_manager"), ("version", "1"), ("effective_from", "2020-01-01T08:00"), ("quiet", "true")];
        let page = owner.send(&format!("{path}/role"), &wish).await.assert_status(422).text();
        for said in ["effective_from-error", "note-error", "value=\"2020-01-01T08:00\""] {
            assert!(page.contains(said), "{said}: {page}");
        }
        wish[2].1 = "2026-03-05T08:00";
        wish.push(("note", "She hears it from me first."));
        owner.send(&format!("{path}/role"), &wish).await.assert_status(303);
        let page = owner.client.get(&path).await.assert_status(200).text();
        assert!(page.contains("A role is planned") && page.contains("Clinical staff"), "{page}");
        assert!(outbox::recorded(t.conn(), Some("team.role_changed")).await.unwrap().is_empty(), "nobody is told");
        owner.send(&format!("{path}/role"), &[("role", "provider_clinical"), ("version", "2")]).await.assert_status(303);
        assert!(!owner.client.get(&path).await.text().contains("A role is planned"));
    }

    /// R-ID-71: whoever left is found again by those who may forget them.
    async fn somebody_who_left_is_forgotten_on_a_page(t: TestApp) {
        installed(&t).await;
        let root = admin(&t, "root@hairline.example", None).await;
        let root = Browser::new(&t, Some(signed_in(&t, Guard::Api, root.any()).await.0));
        let a = clinic(&t, "Clinic A").await;
        member(&t, a, "provider_owner", "owner@a.example", None).await;
        let nurse = member(&t, a, "provider_clinical", "nurse@a.example", None).await;
        let path = format!("/admin/provider-users/{nurse}");
        assert!(!root.client.get(&path).await.assert_status(200).text().contains("/erase"));
        root.send(&format!("{path}/erase"), &[]).await.assert_status(409);
        root.send(&format!("{path}/standing"), &[("action", "remove"), ("reason", REASON)]).await.assert_status(303);
        assert!(!root.client.get("/admin/provider-users").await.text().contains("nurse@a.example"));
        assert!(root.client.get("/admin/provider-users?status=removed").await.text().contains("nurse@a.example"));
        let page = root.client.get(&path).await.assert_status(200).text();
        assert!(page.contains(&format!("{path}/erase")) && !page.contains("/standing"), "{page}");
        root.send(&format!("{path}/erase"), &[]).await.assert_status(303);
        let page = root.client.get(&path).await.assert_status(200).text();
        assert!(page.contains("Former member") && !page.contains("nurse@a.example") && !page.contains("/erase"), "{page}");
        root.client.get(&format!("/admin/provider-users/{}", kernel::ids::ProviderUserId::new())).await.assert_status(404);
    }

    async fn a_role_is_looked_at_before_it_is_saved(t: TestApp) {
        installed(&t).await;
        let root = admin(&t, "root@hairline.example", None).await;
        let root = Browser::new(&t, Some(signed_in(&t, Guard::Api, root.any()).await.0));
        let billing = roles::Entity::find().filter(roles::Column::Name.eq("billing_staff")).one(t.conn()).await.unwrap().unwrap().id;
        let path = format!("/admin/roles/{billing}");
        // Narrowed: what is not shown is kept.
        let page = root.client.get(&format!("{path}?q=refund")).await.assert_status(200).text();
        assert_eq!(page.matches("type=\"hidden\" name=\"permissions\"").count(), 17, "{page}");
        assert_eq!(page.matches("type=\"checkbox\" name=\"permissions\"").count(), 1);
        let wanted = [("version", "1"), ("permissions", "view_dashboard"), ("permissions", "issue_refund"), ("permissions", "edit_quote")];
        let page = root.send(&path, &wanted).await.assert_status(200).text();
        for said in ["Refund payments", "See quotes", "comes along", "Pay clinics out", "confirm_sensitive"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let untouched = roles::Entity::find_by_id(billing).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(untouched.version, 1, "looking changes nothing");
        let page = root.send(&format!("{path}/save"), &wanted).await.assert_status(422).text();
        assert!(page.contains("confirm_sensitive-error"), "{page}");
        let sure: Vec<(&str, &str)> = wanted.iter().copied().chain([("confirm_sensitive", "true")]).collect();
        assert_eq!(location(&root.send(&format!("{path}/save"), &sure).await.assert_status(303)), format!("{path}?done=role-saved"));
        // Sent twice: the second hears that the role is another one now.
        root.send(&format!("{path}/save"), &sure).await.assert_status(409);
        let page = root.send("/admin/roles/new", &[("name", "Partners")]).await.assert_status(422).text();
        assert!(page.contains("value=\"Partners\"") && page.contains("A role needs at least one right."), "{page}");
        let made = root.send("/admin/roles/new", &[("name", "Partners"), ("permissions", "view_provider")]).await.assert_status(303);
        let own = location(&made).split('?').next().unwrap().to_owned();
        assert!(root.client.get("/admin/roles/compare?only=differences").await.assert_status(200).text().contains("Partners"));
        root.send(&format!("{own}/text"), &[("name", "Partner desk"), ("version", "1")]).await.assert_status(303);
        root.send(&format!("{own}/archive"), &[]).await.assert_status(303);
        assert!(!root.client.get("/admin/roles").await.text().contains("Partner desk"));
        // A page of them like every list: twenty, the rest behind it.
        let names: Vec<String> = (1..=17).map(|n| format!("('Desk {n}', 'api')")).collect();
        sql(&t, &format!("INSERT INTO roles (name, guard_name) VALUES {}", names.join(", "))).await;
        let first = root.client.get("/admin/roles").await.assert_status(200).text();
        assert!(first.matches("class=\"row-link\"").count() == 20 && first.contains("page=2"), "{first}");
        let second = root.client.get("/admin/roles?page=2").await.assert_status(200).text();
        assert!(second.matches("class=\"row-link\"").count() == 2 && second.contains("Desk 17"), "{second}");
    }

    async fn staff_and_clinics_staff_are_looked_after(t: TestApp) {
        installed(&t).await;
        let root = admin(&t, "root@hairline.example", None).await;
        let root = Browser::new(&t, Some(signed_in(&t, Guard::Api, root.any()).await.0));
        assert!(root.client.get("/admin/users").await.assert_status(200).text().contains("Only one super admin"));
        root.send("/admin/users/invite", &[("first_name", "Can"), ("last_name", "Kaya"), ("email", "can@hairline.example"), ("role", "support_staff")]).await.assert_status(303);
        let helper = identity::seed::admin(&t.app, identity::seed::AdminSpec { role: "support_staff".into(), ..identity::seed::AdminSpec::super_admin("helper@hairline.example") }).await.unwrap();
        let path = format!("/admin/users/{helper}");
        let page = root.send(&format!("{path}/role"), &[("role", "billing_staff"), ("effective_from", "2020-01-01T00:00")]).await.assert_status(422).text();
        assert!(page.contains("effective_from-error") && page.contains("value=\"2020-01-01T00:00\""), "{page}");
        root.send(&format!("{path}/role"), &[("role", "billing_staff"), ("effective_from", "2026-03-03T00:00")]).await.assert_status(303);
        assert!(root.client.get(&path).await.text().contains("Planned"));
        root.send(&format!("{path}/permissions"), &[("permissions", "view_quote"), ("reason", REASON)]).await.assert_status(303);
        assert!(root.client.get(&path).await.text().contains("See quotes"));
        root.send(&format!("{path}/standing"), &[("action", "suspend"), ("reason", "x")]).await.assert_status(422);
        for action in ["suspend", "activate", "deactivate", "erase"] {
            root.send(&format!("{path}/standing"), &[("action", action), ("reason", REASON)]).await.assert_status(303);
        }
        let a = clinic(&t, "Clinic A").await;
        member(&t, a, "provider_owner", "owner@a.example", None).await;
        let manager = member(&t, a, "provider_manager", "manager@a.example", None).await;
        let path = format!("/admin/provider-users/{manager}");
        assert!(root.client.get("/admin/provider-users?q=clinic").await.assert_status(200).text().contains("manager@a.example"));
        root.send(&format!("{path}/owner"), &[("justification", "short")]).await.assert_status(422);
        root.send(&format!("{path}/owner"), &[("justification", REASON)]).await.assert_status(303);
        root.send(&format!("{path}/standing"), &[("action", "remove"), ("reason", REASON)]).await.assert_status(409);
        for action in ["suspend", "reactivate", "logout"] {
            root.send(&format!("{path}/standing"), &[("action", action), ("reason", REASON)]).await.assert_status(303);
        }
    }
}
