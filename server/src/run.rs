use std::{fmt, io::Write as _, sync::Arc, time::Duration};

use futures_util::future::join_all;
use thunderline::{
    domain::{Actor, Surface, query::ReadDoor},
    engine::{self, Engine},
};
use tokio::{net::TcpListener, time::MissedTickBehavior};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    config::Settings,
    context::{Context, Sockets},
    limits::Limits,
    origin::Front,
    router::router,
    serve::serve,
    site,
    watch::Admission,
};

/// How long requests and live connections may take to end when the server stops.
const ENDING: Duration = Duration::from_secs(8);
/// How often limits forget who has been quiet, in seconds.
const TIDY_EVERY: u32 = 60;

/// Why the server does not run.
#[derive(Debug)]
pub struct Stopped(String);

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Stopped {}

/// Serves on `listener` until `shutdown`: then takes nobody new, sends live connections away so that they come back,
/// finishes what was begun, and closes the database.
pub async fn run(listener: TcpListener, settings: Settings, shutdown: CancellationToken) -> Result<(), Stopped> {
    let database = settings
        .database()
        .map_err(|cause| Stopped(format!("cannot make the data folder {}: {cause}", settings.data.display())))?;
    let feed = feed_runtime().map_err(|cause| Stopped(format!("the machine gives no threads: {cause}")))?;
    let opening = engine::Settings {
        foreign: settings.foreign_events,
        private_webhooks: settings.webhooks_private.is_on(),
        feed: Some(feed.handle()),
        ..engine::Settings::new(database)
    };
    let engine = Engine::open(opening).await.map_err(|cause| Stopped(format!("cannot open the database: {cause}")))?;
    let address = listener.local_addr().map_err(|cause| Stopped(format!("cannot listen: {cause}")))?;
    let front = Front {
        public_host: settings.public_host().map(ToOwned::to_owned),
        https: settings.is_https(),
        trust_proxy: settings.trust_proxy.is_on(),
    };
    let limits = settings.rate_limits.is_on().then(Limits::default);
    let tasks = TaskTracker::new();
    let sockets = Sockets { runtime: feed.handle(), tasks: tasks.clone(), stats: Arc::default() };
    let context = Context::new(engine.clone(), site::options(), front, limits, sockets, Admission::of(&settings));
    tasks.spawn(tick(context.clone(), shutdown.clone()));
    tasks.spawn(note_refusals(context.clone(), shutdown.clone()));
    announce(&engine, address).await;
    let failure = tokio::select! {
        () = serve(listener, router(&context), shutdown.clone(), &tasks) => None,
        cause = engine.failure() => {
            tracing::error!(cause, "the server ends, so that it is started again");
            shutdown.cancel();
            Some(cause)
        }
    };

    engine.hub().close();
    tasks.close();
    if tokio::time::timeout(ENDING, tasks.wait()).await.is_err() {
        tracing::warn!(left = tasks.len(), "some connections did not end in time");
    }
    note_refused(&context, true).await;
    engine.close().await;
    failure.map_or(Ok(()), |cause| Err(Stopped(cause)))
}

/// The hub's second, and the limits' minute.
async fn tick(context: Context, shutdown: CancellationToken) {
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut count = 0_u32;
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = seconds.tick() => {}
        }
        context.engine().hub().tick();
        count = count.wrapping_add(1);
        if let Some(limits) = context.limits().filter(|_| count.is_multiple_of(TIDY_EVERY)) {
            limits.tidy();
        }
    }
}

/// Notes the minute's refusals that were only counted; apart, for the hub's second waits for no database.
async fn note_refusals(context: Context, shutdown: CancellationToken) {
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Skip);
    while shutdown.run_until_cancelled(seconds.tick()).await.is_some() {
        note_refused(&context, false).await;
    }
}

/// Notes in the audit log how many were refused.
async fn note_refused(context: &Context, ending: bool) {
    let refused = context.refused(ending);
    join_all(refused.into_iter().map(|turned| context.engine().turn_away(turned))).await;
}

/// Says, on standard output, that people may come. Others wait for exactly this line.
async fn announce(engine: &Engine, address: std::net::SocketAddr) {
    let mut lines = format!("Thunderline is ready at http://{address}\n");
    let door = engine.ask(&Actor::visitor(Surface::Cli), ReadDoor {}).await;
    if door.is_ok_and(|door| door.vacant) {
        lines.push_str("Nobody has an account yet: sign up there first, and this server is yours.\n");
    }
    // Nobody may be reading; that is no reason to stop.
    let _ = std::io::stdout().write_all(lines.as_bytes());
    let _ = std::io::stdout().flush();
}

/// The runtime of live connections. Pages and posts never wait behind a fan-out.
struct FeedRuntime(Option<tokio::runtime::Runtime>);

fn feed_runtime() -> std::io::Result<FeedRuntime> {
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(threads).thread_name("feed").enable_all().build()?;
    Ok(FeedRuntime(Some(runtime)))
}

impl FeedRuntime {
    fn handle(&self) -> tokio::runtime::Handle {
        self.0.as_ref().map_or_else(tokio::runtime::Handle::current, |runtime| runtime.handle().clone())
    }
}

impl Drop for FeedRuntime {
    fn drop(&mut self) {
        // A runtime must not be waited for inside another one.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
