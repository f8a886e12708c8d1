//! The `thunderline` binary.

use std::process::ExitCode;

use clap::Parser;
use server::{
    audit::Audit,
    cli::{Cli, Task},
    config::Settings,
    import::Import,
    lanes::Lanes,
    logging, site,
};
use thunderline::engine::{self, Engine};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    use_small_pages();
    let cli = Cli::parse();
    let traces = match logging::start(&cli.log) {
        Ok(traces) => traces,
        Err(reason) => {
            eprintln!("thunderline: {reason}");
            return ExitCode::FAILURE;
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => {
            eprintln!("thunderline: the machine gives no threads: {cause}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match cli.task {
            None | Some(Task::Serve) => serve(cli.settings).await,
            Some(Task::Import(wanted)) => import(cli.settings, wanted).await,
            Some(Task::Audit(wanted)) => audit(cli.settings, wanted).await,
            Some(Task::Lanes(wanted)) => lanes(cli.settings, wanted).await,
        }
    });
    traces.finish();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("thunderline: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Has the kernel give memory in pages of 4 KiB. With huge pages an idle server holds 2 MiB for each few that it touches,
/// 8 MB more in all, and posts are no faster (`end2end/load`).
fn use_small_pages() {
    #[cfg(target_os = "linux")]
    if let Err(cause) = rustix::thread::disable_transparent_huge_pages(true) {
        eprintln!("thunderline: goes on with huge pages: {cause}");
    }
}

async fn serve(settings: Settings) -> Result<(), String> {
    site::check().map_err(|missing| missing.to_string())?;
    let address = settings.listen;
    let listener = server::listen(address).map_err(|cause| {
        format!("cannot listen on {address}: {cause}. Is it running already? --listen names another address.")
    })?;
    let shutdown = CancellationToken::new();
    TaskTracker::new().spawn(cancel_on_signal(shutdown.clone()));
    server::run(listener, settings, shutdown).await.map_err(|stopped| stopped.to_string())
}

async fn import(settings: Settings, wanted: Import) -> Result<(), String> {
    let database = if wanted.only_counts() {
        settings.existing_database().map_err(|missing| missing.to_string())?
    } else {
        settings.database().map_err(|cause| format!("cannot make the data folder: {cause}"))?
    };
    // What follows from it is the server's: it has the clients and the settings.
    let opened = Engine::open(engine::Settings { lanes: None, ..engine::Settings::new(database) }).await;
    let engine = opened.map_err(|cause| format!("cannot open the database: {cause}"))?;
    let report = wanted.run(&engine).await;
    engine.close().await;
    print(&report.map_err(|cause| cause.to_string())?)
}

async fn audit(settings: Settings, wanted: Audit) -> Result<(), String> {
    let told = wanted.run(&settings).await.map_err(|cause| cause.to_string())?;
    if told.is_empty() { Ok(()) } else { print(&told) }
}

async fn lanes(settings: Settings, wanted: Lanes) -> Result<(), String> {
    let database = settings.existing_database().map_err(|missing| missing.to_string())?;
    // The work itself is the server's.
    let opened = Engine::open(engine::Settings { lanes: None, ..engine::Settings::new(database) }).await;
    let engine = opened.map_err(|cause| format!("cannot open the database: {cause}"))?;
    let answer = wanted.run(&engine).await;
    engine.close().await;
    print(&answer.map_err(|cause| cause.to_string())?)
}

/// Prints a line. Whoever reads no further has what they wanted.
fn print(line: &str) -> Result<(), String> {
    use std::io::{ErrorKind, Write as _};
    match writeln!(std::io::stdout(), "{line}") {
        Err(cause) if cause.kind() != ErrorKind::BrokenPipe => Err(format!("cannot write: {cause}")),
        _ => Ok(()),
    }
}

/// The first SIGTERM or SIGINT stops the server in order; a second one at once.
async fn cancel_on_signal(shutdown: CancellationToken) {
    asked_to_stop().await;
    shutdown.cancel();
    asked_to_stop().await;
    std::process::exit(130);
}

#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => asked_by_keyboard().await,
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    asked_by_keyboard().await;
}

async fn asked_by_keyboard() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without signals the server runs until it is killed, which loses nothing that was acknowledged.
        std::future::pending::<()>().await;
    }
}
