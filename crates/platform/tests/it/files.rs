//! Files and media: stored, linked, served, swept.

use std::time::Duration;

use bytes::Bytes;
use kernel::ids::{AnyId, InquiryId, PatientId};
use kernel::{Actor, AppError};
use platform::App;
use platform::entity::media::{MediaCollection, MediaView};
use platform::entity::{audit_logs, files as rows};
use platform::files::{self, Purpose, StoredFile, Upload};
use platform::media::{self, Attach, VIEWS};
use sea_orm::{EntityTrait, PaginatorTrait};
use testkit::{TestApp, actors};

fn upload(purpose: Purpose, owner_type: &'static str, bytes: Vec<u8>) -> Upload {
    Upload {
        purpose,
        owner_type,
        owner_id: AnyId::new(),
        file_name: "../my scan.png".into(),
        bytes: Bytes::from(bytes),
    }
}

fn scan(seed: u64) -> Upload {
    upload(Purpose::HeadScan, "Inquiry", testkit::jpeg(800, 640, seed))
}

async fn stored(t: &TestApp, actor: &Actor, upload: Upload) -> StoredFile {
    files::store(t.conn(), &t.app, actor, upload).await.unwrap()
}

async fn objects(t: &TestApp) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    count(&t.app.config.files.folder)
}

async fn open(t: &TestApp, actor: Option<&Actor>, link: &str) -> testkit::Reply {
    let client = t.client(files::routes());
    match actor {
        Some(actor) => client.as_actor(actor.clone()).get(link).await,
        None => client.get(link).await,
    }
}

fn code(result: Result<StoredFile, AppError>) -> String {
    result.unwrap_err().code.into_owned()
}

async fn refused(app: &App, purpose: Purpose, bytes: Vec<u8>) -> String {
    code(files::store(app.db.conn(), app, &Actor::system(), upload(purpose, "Inquiry", bytes)).await)
}

testkit::both! {
    async fn a_scan_is_stored_under_a_key_nobody_can_guess(t: TestApp) {
        let patient = PatientId::new();
        let file = stored(&t, &actors::patient(patient), scan(1)).await;
        assert_eq!((file.width, file.height), (Some(800), Some(640)));
        assert!(file.quality_score >= Some(60), "{:?}", file.quality_score);
        let row = rows::Entity::find_by_id(file.file.id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((row.file_name.as_str(), row.file_type.as_str()), ("my scan.jpg", "image/jpeg"));
        assert_eq!(row.uploaded_by_id, Some(patient.any()));
        let parts: Vec<&str> = row.file_path.split('/').collect();
        assert!(parts.len() == 3 && parts[2].starts_with(&format!("{}{}", parts[0], parts[1])), "{}", row.file_path);
        assert_eq!(files::read(&t.app, &row).await.unwrap().len() as i32, row.file_size);
        assert_ne!(stored(&t, &actors::patient(patient), scan(1)).await.file.file_path, row.file_path);
    }

    async fn what_is_refused_leaves_nothing(t: TestApp) {
        assert_eq!(refused(&t.app, Purpose::HeadScan, b"a text called photo.jpg".to_vec()).await, "media_type_invalid");
        assert_eq!(refused(&t.app, Purpose::HeadScan, vec![0; 30 * 1024 * 1024]).await, "media_size_exceeded");
        let picture = testkit::jpeg(800, 640, 1);
        assert_eq!(refused(&t.app, Purpose::HeadScan, picture[..500].to_vec()).await, "media_unreadable");
        let blurred = testkit::blurred_jpeg(800, 640, 1);
        assert_eq!(refused(&t.app, Purpose::HeadScan, blurred).await, "media_quality_insufficient");
        assert_eq!(rows::Entity::find().count(t.conn()).await.unwrap(), 0);
        assert_eq!(objects(&t).await, 0);
    }

    async fn a_link_opens_for_its_reader_until_it_ends(t: TestApp) {
        let patient = actors::patient(PatientId::new());
        let file = stored(&t, &patient, scan(1)).await;
        let link = files::signed_link(&t.app, file.file.id, &patient, Duration::from_secs(300));
        let reply = open(&t, Some(&patient), &link).await.assert_status(200);
        assert_eq!(reply.body.len() as i32, file.file.file_size);
        for (name, value) in [
            ("content-type", "image/jpeg"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "private, no-store"),
            ("content-disposition", "inline; filename=\"my scan.jpg\"; filename*=UTF-8''my%20scan.jpg"),
        ] {
            assert_eq!(reply.headers[name], value, "{name}");
        }
        let audit = audit_logs::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(audit.len(), 1);
        assert_eq!((audit[0].action.as_str(), audit[0].subject_id.clone()), ("file.viewed", Some(file.file.id.to_string())));

        let stranger = actors::patient(PatientId::new());
        for reader in [None, Some(&stranger)] {
            open(&t, reader, &link).await.assert_problem(404, "not_found");
        }
        let other = stored(&t, &patient, scan(2)).await;
        let (own, foreign) = (file.file.id.0.simple().to_string(), other.file.id.0.simple().to_string());
        open(&t, Some(&patient), &link.replace(&own, &foreign)).await.assert_problem(404, "not_found");
        open(&t, Some(&patient), "/files/nonsense").await.assert_problem(404, "not_found");
        t.advance(Duration::from_secs(299));
        open(&t, Some(&patient), &link).await.assert_status(200);
        t.advance(Duration::from_secs(1));
        open(&t, Some(&patient), &link).await.assert_problem(404, "not_found");
        assert_eq!(audit_logs::Entity::find().count(t.conn()).await.unwrap(), 2, "refusals read nothing");
    }

    async fn a_public_picture_opens_for_everybody_without_an_audit_row(t: TestApp) {
        let picture = upload(Purpose::ProviderMedia, "ProviderMedia", testkit::jpeg(300, 200, 1));
        let file = stored(&t, &Actor::system(), picture).await;
        let link = files::signed_link(&t.app, file.file.id, &Actor::anonymous(), Duration::from_secs(60));
        open(&t, None, &link).await.assert_status(200);
        open(&t, Some(&actors::patient(PatientId::new())), &link).await.assert_status(200);
        assert_eq!(audit_logs::Entity::find().count(t.conn()).await.unwrap(), 0);
    }

    async fn players_get_the_part_they_ask_for(t: TestApp) {
        let picture = upload(Purpose::ProviderMedia, "ProviderMedia", testkit::jpeg(300, 200, 1));
        let file = stored(&t, &Actor::system(), picture).await;
        let link = files::signed_link(&t.app, file.file.id, &Actor::anonymous(), Duration::from_secs(60));
        let total = file.file.file_size;
        let part = t.client(files::routes()).header("range", "bytes=0-1").get(&link).await.assert_status(206);
        assert_eq!(part.body, [0xff, 0xd8]);
        assert_eq!(part.headers["content-range"], format!("bytes 0-1/{total}"));
        let beyond = t.client(files::routes()).header("range", "bytes=99999999-").get(&link).await.assert_status(416);
        assert_eq!(beyond.headers["content-range"], format!("bytes */{total}"));
    }

    async fn a_deleted_file_is_gone(t: TestApp) {
        use sea_orm::sea_query::Expr;
        let patient = actors::patient(PatientId::new());
        let file = stored(&t, &patient, scan(1)).await;
        let link = files::signed_link(&t.app, file.file.id, &patient, Duration::from_secs(60));
        rows::Entity::update_many().col_expr(rows::Column::DeletedAt, Expr::value(t.now())).exec(t.conn()).await.unwrap();
        open(&t, Some(&patient), &link).await.assert_problem(404, "not_found");
    }

    async fn objects_without_a_row_are_swept_a_day_later(t: TestApp) {
        // Objects carry the machine's time; the clock of this test stands beyond it.
        t.at("2037-01-01T00:00:00Z");
        let kept = stored(&t, &Actor::system(), scan(1)).await;
        drop(files::prepare(&t.app, scan(2)).await.unwrap());
        t.app.files.put("exports/report.csv", Bytes::from_static(b"a,b")).await.unwrap();
        assert_eq!(objects(&t).await, 3);
        t.at("2000-01-01T00:00:00Z");
        assert_eq!(files::sweep_orphans(&t.app).await.unwrap(), 0, "young objects may still get their row");
        t.at("2037-01-01T00:00:00Z");
        assert_eq!(files::sweep_orphans(&t.app).await.unwrap(), 1);
        assert!(files::read(&t.app, &kept.file).await.is_ok());
        assert_eq!(t.app.files.get("exports/report.csv").await.unwrap(), "a,b");
        assert_eq!(objects(&t).await, 2);
    }

    async fn a_view_taken_again_replaces_the_old_one(t: TestApp) {
        let patient = actors::patient(PatientId::new());
        let (inquiry, set) = (InquiryId::new(), AnyId::new());
        let mut first = None;
        for (seed, view) in VIEWS.into_iter().enumerate().take(4) {
            let file = stored(&t, &patient, scan(seed as u64)).await;
            let attach = Attach::new("Inquiry", inquiry, MediaCollection::HeadScan, &file).view(set, view);
            let row = media::attach(t.conn(), &t.app, &patient, attach).await.unwrap();
            first.get_or_insert(row);
        }
        assert_eq!(media::missing_views(&media::current_set(t.conn(), set).await.unwrap()), [MediaView::Back]);
        let again = stored(&t, &patient, scan(9)).await;
        let attach = Attach::new("Inquiry", inquiry, MediaCollection::HeadScan, &again).view(set, MediaView::Front);
        media::attach(t.conn(), &t.app, &patient, attach).await.unwrap();

        let current = media::current_set(t.conn(), set).await.unwrap();
        let views: Vec<_> = current.iter().filter_map(|media| media.view).collect();
        assert_eq!(views, VIEWS[..4], "in the order people take them");
        assert_eq!(current[0].file_id, again.file.id);
        use platform::entity::media::Entity;
        let old = Entity::find_by_id(first.unwrap().id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!((old.archive_reason.as_deref(), old.active_key), (Some("replaced"), None));
    }

    async fn many_owners_are_listed_in_one_statement(t: TestApp) {
        let admin = t.somebody_in_charge();
        let owners: Vec<AnyId> = (0..3).map(|_| AnyId::new()).collect();
        for owner in &owners[..2] {
            for order_index in [2, 1] {
                let picture = upload(Purpose::TreatmentPhoto, "Treatment", testkit::jpeg(64, 64, 1));
                let file = stored(&t, &admin, picture).await;
                let attach = Attach { order_index, ..Attach::new("Treatment", *owner, MediaCollection::TreatmentImage, &file) };
                media::attach(t.conn(), &t.app, &admin, attach).await.unwrap();
            }
        }
        let (found, statements) =
            platform::db::count_statements(media::of(t.conn(), "Treatment", &owners)).await;
        let found = found.unwrap();
        assert_eq!((found.len(), statements), (2, 1));
        let order: Vec<_> = found[&owners[0]].iter().map(|item| item.media.order_index).collect();
        assert_eq!(order, [1, 2]);

        let gone = found[&owners[0]][0].media.id;
        media::archive(t.conn(), &t.app, &admin, gone, "wrong picture").await.unwrap();
        assert!(media::archive(t.conn(), &t.app, &admin, gone, "again").await.is_err());
        assert_eq!(media::of(t.conn(), "Treatment", &owners).await.unwrap()[&owners[0]].len(), 1);
    }
}
