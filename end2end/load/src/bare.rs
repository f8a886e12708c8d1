use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::Notify,
    task::JoinSet,
    time::{Instant, timeout},
};

use crate::failure::Result;

/// A frame on the wire: 300 bytes of payload and four of head.
pub const FRAME_BYTES: usize = 304;
/// How long one loop may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// The least any server must do to reach as many sockets: a loop that sends frames of 300 bytes to each socket in turn,
/// blocking, on the server's core; and tasks that receive them on the generator's. Raw TCP over loopback, no websocket
/// library, nothing parsed. With `lockstep` the next round waits until all have received this one, as posts do that
/// are sent one at a time. Answers frames a second.
pub async fn run(sockets: usize, rounds: usize, lockstep: bool, pinned: bool) -> Result<f64> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let mut sender = spawn(listener.local_addr()?, sockets, rounds, lockstep, pinned)?;
    let (mut control, _) = timeout(PATIENCE, listener.accept()).await??;
    let bytes = Arc::new(AtomicU64::new(0));
    let moved = Arc::new(Notify::new());
    let round = (sockets * FRAME_BYTES) as u64;
    let mut readers = JoinSet::new();
    for _ in 0..sockets {
        let (mut socket, _) = timeout(PATIENCE, listener.accept()).await??;
        let (bytes, moved) = (bytes.clone(), moved.clone());
        readers.spawn(async move {
            let mut buffer = vec![0; 4 * 1_024];
            while let Ok(read @ 1..) = socket.read(&mut buffer).await {
                let before = bytes.fetch_add(read as u64, Ordering::Relaxed);
                if before / round != (before + read as u64) / round {
                    moved.notify_one();
                }
            }
        });
    }
    let began = Instant::now();
    control.write_all(&[1]).await?;
    let all = round * rounds as u64;
    let received = async {
        let mut answered = 0;
        loop {
            let now = bytes.load(Ordering::Relaxed);
            if now >= all {
                return Ok::<(), std::io::Error>(());
            }
            if lockstep && now / round > answered {
                answered = now / round;
                control.write_all(&[1]).await?;
            }
            moved.notified().await;
        }
    };
    timeout(PATIENCE, received).await.map_err(|_| "the bare loop took too long")??;
    let elapsed = began.elapsed();
    // The sender ends when this line does.
    drop(control);
    sender.wait()?;
    #[expect(clippy::cast_precision_loss, reason = "a count of frames")]
    let frames = (sockets * rounds) as f64;
    Ok(frames / elapsed.as_secs_f64())
}

fn spawn(
    address: SocketAddr,
    sockets: usize,
    rounds: usize,
    lockstep: bool,
    pinned: bool,
) -> Result<std::process::Child> {
    let program = std::env::current_exe()?;
    let mut command = if pinned {
        let mut command = Command::new("taskset");
        command.args(["--cpu-list", "0"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.arg("bare-sender").arg(address.to_string()).arg(sockets.to_string()).arg(rounds.to_string());
    if lockstep {
        command.arg("--lockstep");
    }
    Ok(command.stdin(Stdio::null()).spawn()?)
}

/// The sending half, in a process of its own.
pub fn send(address: SocketAddr, sockets: usize, rounds: usize, lockstep: bool) -> Result<()> {
    let connect = || {
        let socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        Ok::<TcpStream, std::io::Error>(socket)
    };
    let mut control = connect()?;
    let mut all = (0..sockets).map(|_| connect()).collect::<Result<Vec<_>, _>>()?;
    let frame = [b'x'; FRAME_BYTES];
    let mut go = [0];
    control.read_exact(&mut go)?;
    for round in 0..rounds {
        if lockstep && round > 0 {
            control.read_exact(&mut go)?;
        }
        for socket in &mut all {
            socket.write_all(&frame)?;
        }
    }
    // The receiver ends first; what it has not read would be lost with the process.
    let _ = control.read(&mut go);
    Ok(())
}

/// How long it takes to make 4 KiB durable in `folder`: appended and synced, in milliseconds, the median and the 99th
/// percentile.
pub fn sync(folder: &Path) -> Result<(f64, f64)> {
    let path = folder.join("fsync");
    let mut file = std::fs::File::create(&path)?;
    let mut times = crate::latency::Latency::default();
    for _ in 0..500 {
        let began = Instant::now();
        file.write_all(&[7; 4_096])?;
        file.sync_data()?;
        times.record(began.elapsed());
    }
    drop(file);
    std::fs::remove_file(&path)?;
    Ok((times.percentile(50.0), times.percentile(99.0)))
}
