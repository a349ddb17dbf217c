//! `user`: the first accounts of an installation.

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::bail;
use identity::admin::{NewAdmin, create_admin};
use kernel::{Actor, Secret};

use crate::args::{Global, UserCommand};

/// Runs an account command.
pub async fn user(global: &Global, command: UserCommand) -> anyhow::Result<ExitCode> {
    let UserCommand::CreateAdmin { email, first_name, last_name } = command;
    let app = global.app(&[]).await?;
    super::migrate::require_current(&app.config).await?;
    server::install(&app).await?;
    let password = if std::io::stdin().is_terminal() { Some(ask_password()?) } else { None };
    let role = "super_admin".to_owned();
    let new = NewAdmin { email: email.clone(), first_name, last_name, role, password };
    let made = create_admin(&app, &Actor::system(), new).await?;
    // Presets that belong to a member of staff come once there is one.
    server::install(&app).await?;
    println!("{email} is a super admin. The first sign-in sets up the authenticator app.");
    if let Some(token) = made.link_token {
        let url = &app.config.http.public_url;
        println!("Set the password within 24 hours, once:");
        println!("{url}/admin/set-password#{}", token.expose());
    }
    Ok(ExitCode::SUCCESS)
}

fn ask_password() -> anyhow::Result<Secret<String>> {
    let password = rpassword::prompt_password("Password: ")?;
    if password != rpassword::prompt_password("Again: ")? {
        bail!("the two do not match");
    }
    Ok(Secret::new(password))
}
