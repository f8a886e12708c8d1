//! The feed's socket: opening, closing, waiting, and what each frame asks for.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use thunderline::{
    domain::{
        Envelope, Error, PersonId, Presence, Seq, Topic,
        event::Ephemeral,
        feed::{ClientFrame, ServerFrame},
    },
    view::{Act, Backoff, HeldList},
};

use super::{Client, Connection};
use crate::{
    api::opened::{Place, open},
    dom::{page, socket},
};

/// Between two pings.
const PING: Duration = Duration::from_secs(25);
/// How long an answer may take when the tab comes back, before the line counts as dead.
const ANSWER: Duration = Duration::from_secs(5);
/// Milliseconds without a word after which the line counts as dead: two pings without an answer.
const SILENCE_MS: i64 = 55_000;
/// How long a tab is hidden before its person counts as away.
const AWAY: Duration = Duration::from_mins(5);

/// What is known of the line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Line {
    begun: bool,
    backoff: Backoff,
    /// Which wait is the present one; an older timer does nothing.
    wait: u32,
    heard_ms: i64,
    /// Whether the socket ever opened since the last failure.
    opened: bool,
    away: bool,
}

impl Client {
    /// Begins the feed and everything that lives as long as the page; twice is once.
    pub(super) fn begin(self) {
        if self.line.try_update_value(|line| std::mem::replace(&mut line.begun, true)) != Some(false) {
            return;
        }
        self.restore_outbox();
        self.connect();
        set_interval(move || self.ping(), PING);
        page::on_window("online", move |_| self.wake());
        page::on_window("offline", move |_| self.dropped());
        page::on_document("visibilitychange", move |_| self.seen());
        page::on_window("pageshow", move |_| self.wake());
        page::on_window("pagehide", move |_| self.leave_drafts());
        page::on_window("storage", move |event| self.stored_elsewhere(&event));
        page::on_document("submit", move |event| self.submitted(&event));
    }

    /// Watches these topics and no others; answers what must be put over what was read.
    pub(super) fn watch(self, me: PersonId, topics: &[(Topic, Seq)]) -> Vec<Envelope> {
        let mut say = Vec::new();
        let mut replay = Vec::new();
        self.feed.update_value(|feed| {
            feed.belongs_to(me);
            say.extend(feed.keep_only(&topics.iter().map(|(topic, _)| *topic).collect::<Vec<_>>()));
            for (topic, cursor) in topics {
                let watch = feed.watch(*topic, *cursor);
                say.extend(watch.say);
                replay.extend(watch.replay);
            }
        });
        say.iter().for_each(Self::say);
        replay
    }

    /// Says a frame, if the line is open.
    pub(super) fn say(frame: &ClientFrame) {
        if let Ok(text) = serde_json::to_string(frame) {
            socket::say(&text);
        }
    }

    fn connect(self) {
        if socket::is_there() {
            return;
        }
        if !page::is_online() {
            self.connection.set(Connection::Offline);
            return;
        }
        self.line.update_value(|line| {
            line.wait += 1;
            line.heard_ms = page::now_ms();
        });
        socket::open(move |heard| match heard {
            socket::Heard::Open => {
                let hello = self.feed.try_update_value(thunderline::view::Feed::opened);
                hello.iter().for_each(Self::say);
            }
            socket::Heard::Text(text) => self.hear(&text),
            socket::Heard::Closed => self.dropped(),
        });
    }

    /// The line is gone: waits, then tries again.
    fn dropped(self) {
        socket::close();
        self.feed.update_value(thunderline::view::Feed::closed);
        let offline = !page::is_online();
        self.connection.set(if offline { Connection::Offline } else { Connection::Reconnecting });
        let failure = self.line.try_update_value(|line| {
            line.wait += 1;
            let refused = !std::mem::take(&mut line.opened);
            let delay = line.backoff.after_failure(page::chance());
            // Not at every failure: mostly the server is away, and a second question only adds to its load.
            (delay, line.wait, refused && line.backoff.failures() % 4 == 2)
        });
        let Some((delay, wait, refused)) = failure else { return };
        if refused && !offline {
            Self::ask_whether_signed_in();
        }
        set_timeout(
            move || {
                if self.line.with_value(|line| line.wait == wait) {
                    self.connect();
                }
            },
            Duration::from_millis(delay.into()),
        );
    }

    /// A browser does not say why a socket was refused: a session that is over is refused for ever.
    fn ask_whether_signed_in() {
        spawn_local(async move {
            if open(Place::default()).await.is_err_and(|fault| fault.signed_out()) {
                Self::leave();
            }
        });
    }

    /// The person wants to know now.
    pub fn try_now(self) {
        if !socket::is_there() {
            self.connect();
        }
        self.send_all();
    }

    /// The network or the person came back: tries at once, or makes sure that the line lives.
    pub(super) fn wake(self) {
        if !socket::is_there() {
            self.connect();
            self.send_all();
            return;
        }
        Self::say(&ClientFrame::Ping);
        let asked = page::now_ms();
        set_timeout(
            move || {
                if self.line.with_value(|line| line.heard_ms < asked) && socket::is_there() {
                    self.dropped();
                }
            },
            ANSWER,
        );
    }

    fn ping(self) {
        if !socket::is_there() {
            return;
        }
        if page::now_ms() - self.line.with_value(|line| line.heard_ms) > SILENCE_MS {
            self.dropped();
        } else {
            Self::say(&ClientFrame::Ping);
        }
    }

    /// The tab came to the front or went from it.
    fn seen(self) {
        if page::is_visible() {
            self.wake();
            if self.line.try_update_value(|line| std::mem::take(&mut line.away)) == Some(true) {
                Self::say(&ClientFrame::Presence { state: Presence::Online });
            }
            if let Some(transcript) = self.transcript.get_value() {
                self.read(transcript);
            }
            self.notice_thread();
        } else {
            self.save_drafts();
            set_timeout(
                move || {
                    if !page::is_visible() {
                        self.line.update_value(|line| line.away = true);
                        Self::say(&ClientFrame::Presence { state: Presence::Away });
                    }
                },
                AWAY,
            );
        }
    }

    fn hear(self, text: &str) {
        self.line.update_value(|line| line.heard_ms = page::now_ms());
        // A frame of a newer server that this client does not know.
        let Ok(frame) = serde_json::from_slice::<ServerFrame>(text.as_bytes()) else { return };
        let acts = self.feed.try_update_value(|feed| feed.hear(frame)).unwrap_or_default();
        for act in acts {
            self.act(act);
        }
    }

    fn act(self, act: Act) {
        match act {
            Act::Send(frame) => Self::say(&frame),
            Act::Apply(envelope) => self.apply(&envelope),
            Act::Ready => {
                self.line.update_value(|line| {
                    line.backoff.succeeded();
                    line.opened = true;
                });
                self.connection.set(Connection::Live);
                if self.line.with_value(|line| line.away) {
                    Self::say(&ClientFrame::Presence { state: Presence::Away });
                }
                self.send_all();
                self.save_drafts();
            }
            Act::Now(Ephemeral::Typing { channel, person, name }) => {
                let me = self.shell.with_untracked(|shell| shell.as_ref().is_some_and(|shell| shell.is_me(person)));
                if let Some(transcript) = self.transcript_of(channel).filter(|_| !me) {
                    transcript.hear_typing(person, name);
                }
            }
            Act::Now(Ephemeral::Presence { person, state }) => self.set_presence(person, state),
            Act::Roster(people) => self.set_roster(&people),
            Act::Head { channel, count, read } => self.shell.update(|shell| {
                if let Some(shell) = shell {
                    shell.hear_of(channel, count, read);
                }
            }),
            Act::Reread(topic) => self.reread(topic),
            Act::Lost(topic) => {
                if let Topic::Person(_) = topic {
                    Self::leave();
                } else {
                    self.aside().lost.set(Some(topic));
                }
            }
            Act::SignedOut => Self::leave(),
        }
    }

    /// Reads a topic afresh and watches it from there.
    fn reread(self, topic: Topic) {
        spawn_local(async move {
            let result = match topic {
                Topic::Channel(channel) => {
                    let Some(transcript) = self.transcript_of(channel) else { return };
                    let mut read = transcript.reread().await;
                    if let (Ok(cursor), Some(thread)) = (&read, self.beside.get_value()) {
                        // What happened between the two is told to both again: twice is once.
                        let cursor = *cursor;
                        read = thread.reread().await.map(|since| since.min(cursor));
                    }
                    read.map(|cursor| {
                        self.watch_from(topic, cursor);
                    })
                }
                Topic::Person(_) | Topic::Community(_) => self.reread_shell().await,
            };
            // The next line's hello asks again.
            if result.is_err_and(|fault| fault.0 != Error::NotFound) {
                self.dropped();
            }
        });
    }

    async fn reread_shell(self) -> Result<(), crate::api::Fault> {
        let place = self.place_to_reread();
        let opened = match open(place.clone()).await {
            // The channel is gone, or mine to see no more: what is around it is read all the same.
            Err(fault) if fault.0 == Error::NotFound && place.channel.is_some() => {
                open(Place { channel: None, ..place }).await?
            }
            opened => opened?,
        };
        let mut shell = opened.shell();
        // What waits of mine is told on my own topic alone: it is read with it.
        let mut held = opened.channel.as_ref().map(|open| HeldList::new(open.channel.id, open.held.clone()));
        let mut topics = vec![(Topic::Person(shell.me.id), opened.directory.cursor)];
        topics.extend(opened.community.as_ref().map(|open| (Topic::Community(open.community.id), open.cursor)));
        for (topic, cursor) in topics {
            for envelope in self.watch_from(topic, cursor) {
                shell.apply(envelope.topic, &envelope.event);
                if let Some(held) = &mut held {
                    held.apply(&envelope.event);
                }
            }
        }
        if let Some(held) = held {
            self.reread_held(held);
        }
        self.feed.with_value(|feed| feed.retell(&mut shell));
        self.shell.update(|known| {
            if let Some(known) = known.as_ref() {
                shell.keep_newer(known);
            }
            *known = Some(shell);
        });
        Ok(())
    }

    /// The open community, and the channel whose conversation is on the screen.
    fn place_to_reread(self) -> Place {
        let channel = self.transcript.get_value().map(|open| open.channel);
        self.shell.with_untracked(|shell| {
            let Some(shell) = shell else { return Place::default() };
            Place {
                community: shell.open.as_ref().map(|open| open.community.slug.clone()),
                channel: channel.and_then(|id| Some(shell.channel(id)?.slug.clone())),
                ..Place::default()
            }
        })
    }

    fn watch_from(self, topic: Topic, cursor: Seq) -> Vec<Envelope> {
        let Some(watch) = self.feed.try_update_value(|feed| feed.watch(topic, cursor)) else { return Vec::new() };
        watch.say.iter().for_each(Self::say);
        watch.replay
    }
}
