//! Every table of every wing, for the test that compares models with migrations.

use sea_orm::sea_query::TableCreateStatement;

/// The tables as the models of all wings see them.
pub fn entities() -> Vec<TableCreateStatement> {
    [
        platform::entity::all(),
        identity::entity::all(),
        directory::entity::all(),
        catalogue::entity::all(),
        inquiry::entity::all(),
        quoting::entity::all(),
        promotions::entity::all(),
        booking::entity::all(),
        payments::entity::all(),
        finance::entity::all(),
        travel::entity::all(),
        treatment::entity::all(),
        aftercare::entity::all(),
        messaging::entity::all(),
        notifications::entity::all(),
        reviews::entity::all(),
        content::entity::all(),
        analytics::entity::all(),
    ]
    .concat()
}
