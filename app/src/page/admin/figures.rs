//! How each lane stands, and what can be set.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use thunderline::domain::{
    Lane,
    lane::{LaneStatus, WIDEST},
};

use super::title;
use crate::{
    api::{
        Fault, Flash,
        admin::{PauseLane, ResumeLane, SetLaneWidth, read_lanes},
    },
    dom,
    part::{
        elapsed::elapsed,
        form::{Form, Refusal, Submit},
    },
};

/// How often the figures are read again while somebody looks.
const EVERY: Duration = Duration::from_secs(5);

/// The figures as last read. They change in place: nothing that is open or half typed is lost.
#[derive(Clone, Copy)]
struct Read(RwSignal<Vec<LaneStatus>>);

impl Read {
    /// Reads them again; where that fails, the last ones stand.
    fn again(self) {
        spawn_local(async move {
            if let Ok(lanes) = read_lanes().await {
                // The page may be gone by then.
                let _ = self.0.try_set(lanes);
            }
        });
    }

    /// Reads them again when `action` has gone well, and leads the focus to the lane: its button may be another now.
    fn after<I, O>(self, action: Action<I, Result<O, Fault>>, lane: Lane)
    where
        I: Send + Sync + 'static,
        O: Send + Sync + 'static,
    {
        Effect::new(move |_| {
            if action.value().with(|value| matches!(value, Some(Ok(_)))) {
                dom::page::focus(&format!("lane-{lane}"));
                self.again();
            }
        });
    }
}

/// The lanes' figures and switches.
#[component]
pub(super) fn Figures(lanes: Vec<LaneStatus>, flash: Option<Flash>) -> impl IntoView {
    let shown: Vec<Lane> = lanes.iter().map(|status| status.lane).collect();
    let read = Read(RwSignal::new(lanes));
    Effect::new(move |_| {
        let reading = set_interval_with_handle(
            move || {
                if dom::page::is_visible() {
                    read.again();
                }
            },
            EVERY,
        );
        on_cleanup(move || {
            if let Ok(reading) = reading {
                reading.clear();
            }
        });
    });
    let rows = shown
        .into_iter()
        .map(|lane| {
            let flash = Flash::about(flash.as_ref(), "lane", lane.as_str()).cloned();
            view! { <Row lane=lane read=read flash=flash/> }
        })
        .collect_view();
    view! {
        <section class="section">
            <h2>"Lanes"</h2>
            // Said in full: as cards on a phone it would no longer be a table to assistive technology.
            <table class="grid" role="table" aria-label="Lanes">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"Lane"</th>
                        <th role="columnheader" scope="col">"Pending"</th>
                        <th role="columnheader" scope="col">"Planned"</th>
                        <th role="columnheader" scope="col">"Processing"</th>
                        <th role="columnheader" scope="col">"Retrying"</th>
                        <th role="columnheader" scope="col">"Dead"</th>
                        <th role="columnheader" scope="col">"Done per minute"</th>
                        <th role="columnheader" scope="col">"Oldest"</th>
                        <th role="columnheader" scope="col">"Width"</th>
                        <th role="columnheader" scope="col">"State"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Row(lane: Lane, read: Read, flash: Option<Flash>) -> impl IntoView {
    let status = Memo::new(move |_| read.0.with(|lanes| lanes.iter().find(|status| status.lane == lane).cloned()));
    let cell = move |label: &'static str, figure: fn(&LaneStatus) -> String| {
        let figure = move || status.with(|status| status.as_ref().map(figure));
        view! { <td role="cell" data-label=label>{figure}</td> }
    };
    view! {
        <tr role="row" class="lane" data-lane=lane.as_str()>
            <th role="rowheader" scope="row" id=format!("lane-{lane}") tabindex="-1">
                {title(lane)}
            </th>
            {cell("Pending", |status| status.pending.to_string())}
            {cell("Planned", |status| status.planned.to_string())}
            {cell("Processing", |status| status.processing.to_string())}
            {cell("Retrying", |status| status.retrying.to_string())}
            {cell("Dead", |status| status.dead.to_string())}
            {cell("Done per minute", |status| status.done_per_minute.to_string())}
            {cell("Oldest", |status| status.oldest.map_or_else(|| "none".to_owned(), elapsed))}
            <td role="cell" data-label="Width"><Width lane=lane read=read status=status flash=flash.clone()/></td>
            <td role="cell" data-label="State"><Switch lane=lane read=read status=status flash=flash/></td>
        </tr>
    }
}

/// Whether the lane runs, and the way to have it otherwise.
#[component]
fn Switch(lane: Lane, read: Read, status: Memo<Option<LaneStatus>>, flash: Option<Flash>) -> impl IntoView {
    let (pause, resume) = (ServerAction::<PauseLane>::new(), ServerAction::<ResumeLane>::new());
    read.after(*pause, lane);
    read.after(*resume, lane);
    let (pausing, resuming) = (Form::new(pause, flash.as_ref()), Form::new(resume, flash.as_ref()));
    let paused = Memo::new(move |_| status.with(|status| status.as_ref().is_some_and(|status| status.paused)));
    let form = move || {
        if paused.get() {
            view! {
                <span class="badge" data-kind="bad">"Paused"</span>
                <ActionForm action=resume>
                    <input type="hidden" name="lane" value=lane.as_str()/>
                    <Submit form=resuming kind="primary" size="s">"Resume" <span class="vh">" " {title(lane)}</span></Submit>
                </ActionForm>
            }
                .into_any()
        } else {
            view! {
                <span class="badge" data-kind="good">"Running"</span>
                <ActionForm action=pause>
                    <input type="hidden" name="lane" value=lane.as_str()/>
                    <Submit form=pausing size="s">"Pause" <span class="vh">" " {title(lane)}</span></Submit>
                </ActionForm>
            }
            .into_any()
        }
    };
    view! {
        <div class="lane-switch">{form}</div>
        <Refusal form=pausing/>
        <Refusal form=resuming/>
    }
}

/// How many handlers may be at work at once.
#[component]
fn Width(lane: Lane, read: Read, status: Memo<Option<LaneStatus>>, flash: Option<Flash>) -> impl IntoView {
    let set = ServerAction::<SetLaneWidth>::new();
    read.after(*set, lane);
    let form = Form::new(set, flash.as_ref());
    let id = format!("width-{lane}");
    let width = status.with_untracked(|status| status.as_ref().map_or_else(String::new, |s| s.width.to_string()));
    view! {
        <ActionForm action=set attr:class="lane-width">
            <input type="hidden" name="lane" value=lane.as_str()/>
            <label class="vh" for=id.clone()>"Width of " {title(lane)}</label>
            <input
                id=id
                name="width"
                type="text"
                inputmode="numeric"
                required=true
                autocomplete="off"
                title=format!("Handlers at work at once in one process, 1 to {WIDEST}")
                value=form.typed("width", width)
            />
            <Submit form=form size="s">"Set" <span class="vh">" width of " {title(lane)}</span></Submit>
        </ActionForm>
        <Refusal form=form/>
    }
}
