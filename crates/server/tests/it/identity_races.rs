//! The races of identity, section 10: a test for each, with both sides really at once, against the server's own routes.

use std::sync::Arc;

use identity::entity::patients::AnonymizationLevel;
use identity::entity::{
    auth_sessions, deletion_requests, one_time_codes, patients, provider_staff_invitations, provider_users,
};
use kernel::Guard;
use kernel::ids::{PatientId, QuoteId, UserId};
use platform::crypto::{Key, KeyRing};
use platform::entity::audit_logs::{self, AuditLogOutcome};
use quoting::entity::quotes::{self, QuoteStatus};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value as Json, json};
use testkit::{Client, Reply, TestApp, both};

use crate::doors::session;
use crate::identity_edges::{REASON, invitation, mailed_code, mailed_token, set_up, staff};
use crate::steps::{self, EMAIL, PHONE};
use crate::tab::root;
use crate::world::{PASSWORD, World};

/// Runs two requests on threads of their own that set off together.
async fn together<A, B>(one: A, two: B) -> (Reply, Reply)
where
    A: Future<Output = Reply> + Send + 'static,
    B: Future<Output = Reply> + Send + 'static,
{
    let line = Arc::new(tokio::sync::Barrier::new(2));
    let other = line.clone();
    let first = tokio::spawn(async move {
        line.wait().await;
        one.await
    });
    let second = tokio::spawn(async move {
        other.wait().await;
        two.await
    });
    (first.await.unwrap(), second.await.unwrap())
}

/// The same request twice at once.
async fn twice(client: &Client, path: &str, body: Json) -> (Reply, Reply) {
    let send = |client: Client, path: String, body: Json| async move { client.post(&path, body).await };
    together(send(client.clone(), path.to_owned(), body.clone()), send(client.clone(), path.to_owned(), body)).await
}

fn statuses(replies: (&Reply, &Reply)) -> [u16; 2] {
    let mut found = [replies.0.status.as_u16(), replies.1.status.as_u16()];
    found.sort_unstable();
    found
}

fn form(email: &str) -> Json {
    json!({ "first_name": "John", "last_name": "Doe", "email": email, "password": PASSWORD,
        "password_confirmation": PASSWORD, "terms_accepted": true })
}

async fn sql(world: &World, statement: String) {
    world.t.conn().execute_unprepared(&statement).await.unwrap();
}

async fn level(world: &World, patient: PatientId) -> AnonymizationLevel {
    patients::Entity::find_by_id(patient).one(world.t.conn()).await.unwrap().unwrap().anonymization_level
}

/// An accepted offer, paid.
async fn booked(world: &World) -> (Client, PatientId, String) {
    let (id, patient, quote) = steps::offered(world).await;
    steps::accept(&patient, &quote).await.assert_status(200);
    steps::pay(world, &patient, &quote, "deposit").await;
    (world.patient(EMAIL).await, id, quote)
}

async fn status_of(world: &World, quote: &str) -> QuoteStatus {
    let id: QuoteId = quote.parse().unwrap();
    quotes::Entity::find_by_id(id).one(world.t.conn()).await.unwrap().unwrap().status
}

both! {
    async fn a_double_register_with_one_key_is_one_account_and_one_mail(t: TestApp) {
        let world = World::new(t).await;
        let keyed = world.http.header("idempotency-key", "tap-1");
        let (one, two) = twice(&keyed, "/api/v1/patient/auth/register", form(EMAIL)).await;
        // The second waits for nothing: it is told that the first runs, or given its answer.
        assert!([[202, 202], [202, 409]].contains(&statuses((&one, &two))), "{} {}", one.text(), two.text());
        let again = keyed.post("/api/v1/patient/auth/register", form(EMAIL)).await.assert_status(202);
        let first = if one.status == 202 { one } else { two };
        assert_eq!(again.at("/registration_token"), first.at("/registration_token"));
        keyed.post("/api/v1/patient/auth/register", form("other@patients.example")).await.assert_problem(422, "idempotency_key_reused");
        world.run_jobs().await;
        assert_eq!(patients::Entity::find().count(world.t.conn()).await.unwrap(), 1);
        assert_eq!(world.t.app.mailer.sent().len(), 1);
        // Whoever reads the row cannot try words against it: the fingerprint of the request is keyed.
        let row = platform::entity::idempotency_keys::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        use sha2::Digest;
        let path = "/api/v1/patient/auth/register";
        let plain = hex::encode(sha2::Sha256::new().chain_update(path).chain_update([0]).chain_update(form(EMAIL).to_string()).finalize());
        assert_ne!(row.body_hash, plain);
    }

    async fn two_registers_with_one_address_are_one_account_and_neutral_answers(t: TestApp) {
        let world = World::new(t).await;
        let other = with_name(form(EMAIL), "Jane");
        let (a, b) = (world.http.clone(), world.http.clone());
        let (one, two) = together(
            async move { a.post("/api/v1/patient/auth/register", form(EMAIL)).await },
            async move { b.post("/api/v1/patient/auth/register", other).await },
        ).await;
        // The second of two within a minute may be told to wait for its code; nobody learns that there is an account.
        assert!([[202, 202], [202, 429]].contains(&statuses((&one, &two))), "{} {}", one.text(), two.text());
        assert_eq!(patients::Entity::find().count(world.t.conn()).await.unwrap(), 1);
        let live = one_time_codes::Entity::find().filter(one_time_codes::Column::InvalidatedAt.is_null());
        assert_eq!(live.count(world.t.conn()).await.unwrap(), 1, "one code counts");
    }

    async fn two_verifications_with_one_code_open_one_session(t: TestApp) {
        let world = World::new(t).await;
        let reply = world.http.post("/api/v1/patient/auth/register", form(EMAIL)).await.assert_status(202);
        let body = json!({ "registration_token": reply.str("/registration_token"), "code": mailed_code(&world, EMAIL).await });
        let (one, two) = twice(&world.http, "/api/v1/patient/auth/register/verify", body).await;
        assert_eq!(statuses((&one, &two)), [200, 422], "{} {}", one.text(), two.text());
        let of_patients = auth_sessions::Entity::find().filter(auth_sessions::Column::Guard.eq(Guard::Patient.name()));
        assert_eq!(of_patients.count(world.t.conn()).await.unwrap(), 1);
        let codes: Vec<Option<String>> = patients::Entity::find().all(world.t.conn()).await.unwrap().into_iter().map(|row| row.patient_code).collect();
        assert_eq!(codes, [Some("PAT-001".to_owned())]);
    }

    async fn two_accepts_of_one_invitation_are_one_account(t: TestApp) {
        let world = World::new(t).await;
        world.clinic(0).await.post("/api/v1/provider/invitations", invitation("new@tr.example", "provider_clinical")).await.assert_status(201);
        let token = mailed_token(&world, "new@tr.example").await;
        let (one, two) = twice(&world.http, "/api/v1/invitations/accept", set_up(&token)).await;
        assert_eq!(statuses((&one, &two)), [201, 409], "{} {}", one.text(), two.text());
        let lost = if one.status == 409 { one } else { two };
        lost.assert_problem(409, "invitation_used");
        let made = provider_users::Entity::find().filter(provider_users::Column::Email.eq("new@tr.example"));
        assert_eq!(made.count(world.t.conn()).await.unwrap(), 1);
        let accepted = platform::outbox::recorded(world.t.conn(), Some("team.invitation_accepted")).await.unwrap();
        assert_eq!(accepted.len(), 1);
    }

    async fn of_two_invitations_of_two_clinics_the_first_acceptance_wins(t: TestApp) {
        let world = World::new(t).await;
        let mut tokens = Vec::new();
        for index in [0, 1] {
            let owner = world.clinic(index).await;
            owner.post("/api/v1/provider/invitations", invitation("wanted@x.example", "provider_clinical")).await.assert_status(201);
            tokens.push(mailed_token(&world, "wanted@x.example").await);
        }
        assert_ne!(tokens[0], tokens[1], "both may be pending");
        let (a, b) = (world.http.clone(), world.http.clone());
        let (first, second) = (set_up(&tokens[0]), set_up(&tokens[1]));
        let (one, two) = together(
            async move { a.post("/api/v1/invitations/accept", first).await },
            async move { b.post("/api/v1/invitations/accept", second).await },
        ).await;
        assert_eq!(statuses((&one, &two)), [201, 409], "{} {}", one.text(), two.text());
        let lost = if one.status == 409 { one } else { two };
        lost.assert_problem(409, "email_in_other_team");
        let made = provider_users::Entity::find().filter(provider_users::Column::Email.eq("wanted@x.example"));
        assert_eq!(made.count(world.t.conn()).await.unwrap(), 1);
    }

    async fn the_last_seat_is_taken_once(t: TestApp) {
        let world = World::new(t).await;
        sql(&world, format!("UPDATE providers SET seat_limit = 2 WHERE id = '{}'", world.clinics[0].id())).await;
        let owner = world.clinic(0).await;
        let (a, b) = (owner.clone(), owner.clone());
        let (one, two) = together(
            async move { a.post("/api/v1/provider/invitations", invitation("one@tr.example", "provider_clinical")).await },
            async move { b.post("/api/v1/provider/invitations", invitation("two@tr.example", "provider_clinical")).await },
        ).await;
        assert_eq!(statuses((&one, &two)), [201, 409], "{} {}", one.text(), two.text());
        let lost = if one.status == 409 { one } else { two };
        lost.assert_problem(409, "seat_limit_reached");
        assert_eq!(provider_staff_invitations::Entity::find().count(world.t.conn()).await.unwrap(), 1);
    }

    async fn of_two_admins_who_change_one_role_the_second_is_told_and_both_are_on_record(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let (_, colleague) = staff(&world, "super_admin", "second@hairline.example").await;
        let made = admin.post("/api/v1/admin/roles", json!({ "name": "Partners", "permissions": ["view_provider"] })).await.assert_status(201);
        let path = format!("/api/v1/admin/roles/{}", made.at("/id"));
        assert_eq!(made.headers["location"], path.as_str());
        let recorded = async |action: &str| {
            let rows = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq(action)).all(world.t.conn()).await.unwrap();
            let mut outcomes: Vec<AuditLogOutcome> = rows.into_iter().map(|row| row.outcome).collect();
            outcomes.sort_by_key(|outcome| *outcome != AuditLogOutcome::Success);
            outcomes
        };
        let both = [AuditLogOutcome::Success, AuditLogOutcome::Failed];
        let (a, b, put) = (admin.clone(), colleague.clone(), format!("{path}/permissions"));
        let other = put.clone();
        let (one, two) = together(
            async move { a.put(&put, json!({ "permissions": ["view_provider", "edit_provider"], "version": 1 })).await },
            async move { b.put(&other, json!({ "permissions": ["view_provider", "view_review"], "version": 1 })).await },
        ).await;
        assert_eq!(statuses((&one, &two)), [200, 409], "{} {}", one.text(), two.text());
        let lost = if one.status == 409 { one } else { two };
        lost.assert_problem(409, "stale_version");
        assert_eq!(recorded("role.permissions_changed").await, both);
        // The same for its name.
        let (a, b, patch) = (admin.clone(), colleague.clone(), path.clone());
        let (one, two) = together(
            async move { a.patch(&path, json!({ "name": "Partner desk", "version": 2 })).await },
            async move { b.patch(&patch, json!({ "name": "Partner house", "version": 2 })).await },
        ).await;
        assert_eq!(statuses((&one, &two)), [204, 409], "{} {}", one.text(), two.text());
        assert_eq!(recorded("role.edited").await, both);
    }

    async fn of_two_super_admins_who_demote_each_other_one_fails(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let (second, colleague) = staff(&world, "super_admin", "second@hairline.example").await;
        let first = root(&world).await;
        let down = json!({ "role": "admin" });
        let (one, two) = {
            let (down, other) = (down.clone(), down);
            together(
                async move { admin.put(&format!("/api/v1/admin/users/{second}/role"), down).await },
                async move { colleague.put(&format!("/api/v1/admin/users/{first}/role"), other).await },
            ).await
        };
        let done = [&one, &two].into_iter().filter(|reply| reply.status == 204).count();
        assert_eq!(done, 1, "{} {}", one.text(), two.text());
        let held = async |id: UserId| session(&world, Guard::Api, id.any()).await.get("/api/v1/me").await.str("/role").to_owned();
        let mut roles = [held(first).await, held(second).await];
        roles.sort_unstable();
        assert_eq!(roles, ["admin", "super_admin"]);
    }

    async fn of_two_super_admins_who_suspend_each_other_one_fails(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let (second, colleague) = staff(&world, "super_admin", "second@hairline.example").await;
        let first = root(&world).await;
        let out = json!({ "reason": "Both believe the other one is a stranger." });
        let (one, two) = {
            let (out, other) = (out.clone(), out);
            together(
                async move { admin.post(&format!("/api/v1/admin/users/{second}/suspend"), out).await },
                async move { colleague.post(&format!("/api/v1/admin/users/{first}/suspend"), other).await },
            ).await
        };
        let done = [&one, &two].into_iter().filter(|reply| reply.status == 204).count();
        assert_eq!(done, 1, "{} {}", one.text(), two.text());
        use identity::entity::account_states::{AccountState, Column, Entity};
        let able = Entity::find()
            .filter(Column::ModelId.is_in([first.any(), second.any()]))
            .filter(Column::State.eq(AccountState::Active));
        assert_eq!(able.all(world.t.conn()).await.unwrap().len(), 1, "somebody is left to help the other");
    }

    async fn a_suspension_during_a_request_lets_it_end_and_refuses_the_next(t: TestApp) {
        let world = World::new(t).await;
        let owner = world.clinic(0).await;
        let nurse = crate::identity_edges::member(&world, "provider_manager", "manager@tr.example").await;
        let manager = session(&world, Guard::Provider, nurse.any()).await;
        let (a, b) = (manager.clone(), owner.clone());
        let path = format!("/api/v1/provider/team/{nurse}/suspend");
        let (request, suspension) = together(
            async move { a.post("/api/v1/provider/invitations", invitation("new@tr.example", "provider_clinical")).await },
            async move { b.post(&path, json!({ "reason": REASON })).await },
        ).await;
        suspension.assert_status(204);
        // Begun before: done whole. Begun after: refused. Never half.
        let invited = provider_staff_invitations::Entity::find().count(world.t.conn()).await.unwrap();
        match request.status.as_u16() {
            201 => assert_eq!(invited, 1),
            401 | 403 => assert_eq!(invited, 0),
            other => panic!("{other}: {}", request.text()),
        }
        manager.get("/api/v1/provider/team").await.assert_problem(401, "session_revoked");
    }

    async fn a_webhook_that_comes_twice_lifts_the_veil_once(t: TestApp) {
        let world = World::new(t).await;
        let (id, patient, quote) = steps::offered(&world).await;
        assert_eq!(level(&world, id).await, AnonymizationLevel::Full);
        steps::accept(&patient, &quote).await.assert_status(200);
        assert_eq!(level(&world, id).await, AnonymizationLevel::Partial);
        let started = steps::start_payment(&patient, &quote, "deposit").await.assert_status(200);
        // The gateway tells the same news twice, and the jobs that read them run side by side.
        let (one, two) = tokio::join!(
            steps::confirm_card(&patient, &started, "4242424242424242"),
            steps::confirm_card(&patient, &started, "4242424242424242")
        );
        assert!(one.status.is_success() || two.status.is_success(), "{} {}", one.text(), two.text());
        tokio::join!(world.run_jobs(), world.run_jobs());
        world.run_jobs().await;
        assert_eq!((status_of(&world, &quote).await, level(&world, id).await), (QuoteStatus::Confirmed, AnonymizationLevel::None));
        let confirmed = platform::outbox::recorded(world.t.conn(), Some("booking.confirmed")).await.unwrap();
        assert_eq!(confirmed.len(), 1);
        let changes = platform::outbox::recorded(world.t.conn(), Some("patient.anonymization_changed")).await.unwrap();
        let own = world.clinics[0].id();
        let told: Vec<Json> = changes.into_iter().map(|event| event.payload).collect();
        let change = |old: &str, new: &str| json!({ "patient_id": id, "provider_id": own, "old": old, "new": new });
        assert_eq!(told, [change("full", "partial"), change("partial", "none")], "each change once");
        // Asked again it is what the quotes say: nothing changes.
        for _ in 0..2 {
            platform::write_txn!(world.t.app.db, |txn| { identity::anonymity::refresh_patient_level(txn, id).await }).unwrap();
        }
        assert_eq!(level(&world, id).await, AnonymizationLevel::None);
        // Whatever came first, the column is worked out from the quotes: an offer not accepted yet hides everything.
        sql(&world, format!("UPDATE quotes SET status = 'quote' WHERE id = '{quote}'")).await;
        platform::write_txn!(world.t.app.db, |txn| { identity::anonymity::refresh_patient_level(txn, id).await }).unwrap();
        assert_eq!(level(&world, id).await, AnonymizationLevel::Full);
    }

    async fn a_cancellation_racing_with_the_payment_leaves_the_level_of_what_was_committed(t: TestApp) {
        let world = World::new(t).await;
        let (id, patient, quote) = steps::offered(&world).await;
        steps::accept(&patient, &quote).await.assert_status(200);
        let started = steps::start_payment(&patient, &quote, "deposit").await.assert_status(200);
        let case = inquiry::entity::inquiries::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        let body = json!({ "reason": "Changed my mind", "version": case.version });
        let (payer, canceller) = (patient.clone(), patient.clone());
        let (paid, cancelled) = together(
            async move { steps::confirm_card(&payer, &started, "4242424242424242").await },
            async move { canceller.post(&format!("/api/v1/inquiries/{}/cancel", case.id), body).await },
        ).await;
        world.run_jobs().await;
        let (status, level) = (status_of(&world, &quote).await, level(&world, id).await);
        let expected = match status {
            QuoteStatus::Confirmed => AnonymizationLevel::None,
            QuoteStatus::Accepted => AnonymizationLevel::Partial,
            _ => AnonymizationLevel::Full,
        };
        assert_eq!(level, expected, "{status:?}: {} {}", paid.text(), cancelled.text());
        assert!(paid.status.is_success() || cancelled.status.is_success(), "{} {}", paid.text(), cancelled.text());
    }

    async fn a_key_rotation_racing_with_an_edit_loses_neither(t: TestApp) {
        let world = World::new(t).await;
        steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let keys = &world.t.app.config.keys;
        let ring = KeyRing::new(Key::new([9; 32]), vec![keys.app_key.clone()], keys.index_key.clone(), keys.pepper.clone());
        let rotating = world.t.app.with_keys(ring);
        let tables = server::sealed::tables();
        let editor = world.t.client(server::router(&rotating).with_state(()));
        let token = world.http.post("/api/v1/patient/auth/login", json!({ "login": EMAIL, "password": PASSWORD })).await;
        let editor = editor.header("authorization", &format!("Bearer {}", token.str("/access_token")));
        let editing = tokio::spawn(async move {
            for n in 0..20 {
                editor.patch("/api/v1/me", json!({ "phone_number": format!("+4477009002{n:02}") })).await.assert_status(200);
            }
        });
        let report = platform::rotation::rotate(&rotating, &tables, None, |_| true).await.unwrap();
        editing.await.unwrap();
        assert!(report.finished && report.failed == 0, "{report:?}");
        let again = platform::rotation::inspect(&rotating, &tables).await.unwrap();
        assert!(again.removable, "{again:?}");
        let row = patients::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        let sealed = row.phone_number.unwrap();
        assert_eq!(rotating.keys.open(&sealed).unwrap(), "+447700900219", "the last edit stands");
        assert!(rotating.keys.is_current(sealed.ciphertext()), "and is readable by the new key alone");
    }

    async fn an_approved_erasure_racing_with_a_payment_ends_in_one_of_both(t: TestApp) {
        let world = World::new(t).await;
        let (id, patient, quote) = steps::offered(&world).await;
        // The request stood before the offer was accepted: both are open when staff decide.
        patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(201);
        sql(&world, format!("UPDATE quotes SET status = 'quote', cancelled_at = NULL WHERE id = '{quote}'")).await;
        sql(&world, "UPDATE inquiries SET status = 'quote', cancelled_at = NULL".to_owned()).await;
        let request = deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        let admin = world.admin().await;
        steps::accept(&patient, &quote).await.assert_status(200);
        let approve = format!("/api/v1/admin/deletion-requests/{request}/approve");
        let (payer, pays) = (patient.clone(), format!("/api/v1/bookings/{quote}/payments"));
        let body = steps::payment(&patient, &quote, "deposit").await;
        let why = json!({ "justification": "Identity proven, no obligations left" });
        let (approved, started) = together(
            async move { admin.post(&approve, why).await },
            async move { payer.post(&pays, body).await },
        ).await;
        // The decision was first: the case ended with it, and there is nothing to pay for.
        if started.status == 409 {
            started.assert_problem(409, "inquiry_cancelled");
            approved.assert_status(202);
            world.run_jobs().await;
            let row = patients::Entity::find_by_id(id).one(world.t.conn()).await.unwrap().unwrap();
            assert_ne!(row.email, EMAIL);
            let paid = payments::entity::payments::Entity::find().one(world.t.conn()).await.unwrap();
            assert!(paid.is_none(), "no money of somebody unknown");
            return;
        }
        started.assert_status(200);
        // Whoever was first: a patient with a payment on its way is not erased.
        assert!([202, 409].contains(&approved.status.as_u16()), "{}", approved.text());
        if approved.status == 409 {
            approved.assert_problem(409, "payment_in_progress");
        }
        world.run_jobs().await;
        let row = patients::Entity::find_by_id(id).one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!(row.email, EMAIL, "nobody with a payment on its way is erased");
        let row = deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        assert!(!matches!(row.status, deletion_requests::DeletionRequestStatus::Completed | deletion_requests::DeletionRequestStatus::Approved), "{:?}", row.status);
    }

    async fn what_comes_between_approval_and_erasure_makes_it_wait(t: TestApp) {
        let world = World::new(t).await;
        let (patient, id, quote) = booked(&world).await;
        sql(&world, format!("UPDATE quotes SET status = 'completed' WHERE id = '{quote}'")).await;
        patient.post("/api/v1/me/data-bundle", json!({})).await.assert_status(202);
        world.run_jobs().await;
        patient.post("/api/v1/me/deletion-request", json!({})).await.assert_status(201);
        let request = deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().id;
        let approve = format!("/api/v1/admin/deletion-requests/{request}/approve");
        let why = json!({ "justification": "Identity proven, no obligations left" });
        world.admin().await.post(&approve, why.clone()).await.assert_status(202);
        sql(&world, format!("UPDATE quotes SET status = 'aftercare' WHERE id = '{quote}'")).await;
        privacy::service::erase::run(&world.t.app, request).await.unwrap();
        let status = async || deletion_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap().status;
        assert_eq!(status().await, deletion_requests::DeletionRequestStatus::OnHold);
        privacy::service::requests::upkeep(&world.t.app).await.unwrap();
        assert_eq!(status().await, deletion_requests::DeletionRequestStatus::OnHold, "care goes on");
        sql(&world, format!("UPDATE quotes SET status = 'completed' WHERE id = '{quote}'")).await;
        privacy::service::requests::upkeep(&world.t.app).await.unwrap();
        assert_eq!(status().await, deletion_requests::DeletionRequestStatus::InReview);
        // The copy that lies ready goes with the person, and one that is being made is never kept.
        let copies = async || identity::entity::data_bundles::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        let path = copies().await.file_path.unwrap();
        assert!(world.t.app.files.get(&path).await.is_ok());
        world.admin().await.post(&approve, why).await.assert_status(202);
        world.run_jobs().await;
        assert_eq!(status().await, deletion_requests::DeletionRequestStatus::Completed);
        assert!(world.t.app.files.get(&path).await.is_err(), "the copy is destroyed at once");
        assert!(copies().await.file_path.is_none() && copies().await.key_hash.is_none());
        let late = copies().await.id;
        sql(&world, format!("UPDATE data_bundles SET status = 'refused' WHERE id = '{late}'")).await;
        privacy::service::bundle::build(&world.t.app, late).await.unwrap();
        assert_eq!(copies().await.status, identity::entity::data_bundles::DataBundleStatus::Refused);
        assert_ne!(patients::Entity::find_by_id(id).one(world.t.conn()).await.unwrap().unwrap().email, EMAIL);
    }

    async fn a_mail_that_fails_after_the_commit_comes_later_with_the_same_code(t: TestApp) {
        let world = World::new(t).await;
        let reply = world.http.post("/api/v1/patient/auth/register", form(EMAIL)).await.assert_status(202);
        sql(&world, "UPDATE one_time_codes SET address = 'no address'".to_owned()).await;
        assert!(!world.t.try_run_jobs(&world.registry).await.is_empty());
        assert!(world.t.app.mailer.sent().is_empty());
        let codes = async || one_time_codes::Entity::find().all(world.t.conn()).await.unwrap();
        let before = codes().await;
        assert_eq!(before.len(), 1, "the account and its code are there whatever the mail does");
        sql(&world, format!("UPDATE one_time_codes SET address = '{EMAIL}'")).await;
        world.t.advance(chrono::Duration::minutes(2));
        // Whatever became of the first try, another one finds what it needs.
        let payload = json!({ "code_id": before[0].id, "locale": "en", "minutes": 15 });
        platform::write_txn!(world.t.app.db, |txn| {
            platform::jobs::enqueue(txn, &world.t.app, "identity.mail_code", payload.clone(), Default::default()).await
        }).unwrap();
        let code = mailed_code(&world, EMAIL).await;
        assert_eq!(world.t.app.mailer.sent().len(), 1, "one mail in the end");
        let after = codes().await;
        assert_eq!((after.len(), &after[0].code_hash), (1, &before[0].code_hash), "and no second code");
        let body = json!({ "registration_token": reply.str("/registration_token"), "code": code });
        world.http.post("/api/v1/patient/auth/register/verify", body).await.assert_status(200);
    }

    // Not in the table, and of the same kind: somebody invited again comes back while staff write over their name.
    async fn a_member_who_came_back_is_not_forgotten(t: TestApp) {
        let world = World::new(t).await;
        let nurse = crate::identity_edges::member(&world, "provider_clinical", "nurse@tr.example").await;
        let (owner, admin) = (world.clinic(0).await, world.admin().await);
        let gone = format!("/api/v1/provider/team/{nurse}");
        owner.send_json("DELETE", &gone, json!({ "reason": REASON })).await.assert_status(204);
        owner.post("/api/v1/provider/invitations", invitation("nurse@tr.example", "provider_clinical")).await.assert_status(201);
        let token = mailed_token(&world, "nurse@tr.example").await;
        let http = world.http.clone();
        let (back, erased) = together(
            async move { http.post("/api/v1/invitations/accept", set_up(&token)).await },
            async move { admin.post(&format!("/api/v1/admin/provider-users/{nurse}/erase"), json!({})).await },
        ).await;
        let rows = provider_users::Entity::find().filter(provider_users::Column::DeletedAt.is_null()).all(world.t.conn()).await.unwrap();
        let forgotten = rows.iter().filter(|row| row.firstname == "Former member").count();
        assert_eq!(forgotten, 0, "nobody who belongs to a team is a former member: {} {}", back.text(), erased.text());
        assert!([201, 404, 409].contains(&back.status.as_u16()) && [204, 409].contains(&erased.status.as_u16()), "{} {}", back.text(), erased.text());
    }

    // A new password ends what was begun with the old one: sessions, and what is seen through others' eyes.
    async fn a_new_password_ends_borrowed_eyes(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let owner = world.clinics[0].clinic.owner;
        let path = format!("/api/v1/admin/provider-users/{owner}/impersonate");
        let glimpse = admin.post(&path, json!({ "reason": REASON })).await.assert_status(201);
        let eyes = world.with_token(glimpse.str("/access_token"));
        eyes.get("/api/v1/provider/team").await.assert_status(200);
        world.t.advance(chrono::Duration::seconds(31));
        let new = "Another!Horse8Battery";
        let body = json!({ "current_password": PASSWORD, "password": new, "password_confirmation": new, "code": world.admin_code() });
        admin.put("/api/v1/me/password", body).await.assert_status(204);
        eyes.get("/api/v1/provider/team").await.assert_problem(401, "session_revoked");
    }
}

fn with_name(mut body: Json, name: &str) -> Json {
    body["first_name"] = json!(name);
    body
}
