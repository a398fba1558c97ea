//! FIFOs, fifo(7): files whose opening waits for somebody at the other end.

use crate::failure::{Failure, Outcome};
use crate::folder::Folder;

impl Folder {
    /// Makes a FIFO called `name`, in a folder that is there.
    #[cfg(not(target_vendor = "apple"))]
    pub fn fifo(&self, name: &str) -> Outcome {
        use rustix::fs::{CWD, Mode, mkfifoat};

        let path = self.path().join(name);
        mkfifoat(CWD, &path, Mode::RUSR | Mode::WUSR)
            .map_err(|error| Failure::grader(&format!("make {}", path.display()), error))
    }

    /// Makes a FIFO called `name`, in a folder that is there.
    #[cfg(target_vendor = "apple")]
    pub fn fifo(&self, _: &str) -> Outcome {
        Err(Failure::lack("rustix makes no FIFOs on this system"))
    }
}
