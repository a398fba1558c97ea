//! What a rubric allows a stage that others are denied: `allow = ["path-sockets"]`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sandbox::Confinement;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Outcome};

/// Something that a stage's programs may do beyond what every program may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allowance {
    /// `files`: read what is in the check's folders.
    Files,
    /// `writable-files`: read and write what is in the check's folders, but make nothing there.
    WritableFiles,
    /// `path-sockets`: make Unix sockets, and make, chmod and remove socket files in the check's folders.
    PathSockets,
    /// `pass-descriptors`: send descriptors through Unix sockets.
    PassDescriptors,
    /// `many-descriptors`: have 1024 descriptors open, enough for the clients of an event loop.
    ManyDescriptors,
    /// `raw-sockets`: carry ICMP over raw sockets and ping sockets, in a network of the check's own.
    RawSockets,
    /// `network-settings`: nothing more for the programs; their checks may change settings of the
    /// network, where it is one of their own.
    NetworkSettings,
}

/// No program needs more, and only its sockets bound the kernel's memory.
const MANY_DESCRIPTORS: u64 = 1024;

/// What each stage, by its name, is allowed.
pub type Allowances = BTreeMap<String, Vec<Allowance>>;

/// Puts what `stage` is allowed into `confinement`; `folders` are the check's.
pub(crate) fn grant(
    stage: &str,
    allowed: &[Allowance],
    folders: &[PathBuf],
    confinement: &mut Confinement,
) -> Outcome {
    if allowed.is_empty() && !folders.is_empty() {
        return Err(Failure::grader(
            &format!("let stage {stage} into the check's folder"),
            "its rubric allows it nothing there: allow = [\"files\"], for example",
        ));
    }
    confinement.work_dir = folders.first().cloned();
    let allow = &mut confinement.allow;
    for allowance in allowed {
        match allowance {
            Allowance::Files => allow.read.extend_from_slice(folders),
            Allowance::WritableFiles => {
                allow.read.extend_from_slice(folders);
                allow.write.extend_from_slice(folders);
            }
            Allowance::PathSockets => {
                allow.unix_sockets = true;
                allow.sockets.extend_from_slice(folders);
            }
            Allowance::RawSockets => {
                allow.raw_sockets = true;
                allow.ping_sockets = true;
            }
            Allowance::PassDescriptors => allow.pass_descriptors = true,
            Allowance::ManyDescriptors => {
                confinement.limits.descriptors = Some(MANY_DESCRIPTORS);
            }
            Allowance::NetworkSettings => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allowances_are_named_as_rubrics_name_them() {
        let text = r#"{"path":["path-sockets"],"log":["files","writable-files"]}"#;
        let allowances: Allowances = serde_json::from_str(text).expect("allowances");
        assert_eq!(allowances["path"], [Allowance::PathSockets]);
        assert_eq!(
            allowances["log"],
            [Allowance::Files, Allowance::WritableFiles]
        );
    }

    #[test]
    fn a_stage_gets_what_it_is_allowed_in_the_checks_folders_and_nothing_else() {
        let folder = PathBuf::from("/tmp/x");
        let folders = [folder.clone()];
        let granted = |allowed: &[Allowance]| {
            let mut confinement = Confinement::default();
            grant("stage", allowed, &folders, &mut confinement).expect("a grant");
            assert_eq!(confinement.work_dir.as_ref(), Some(&folder));
            confinement.allow
        };
        let files = granted(&[Allowance::Files]);
        assert!(files.read == folders && files.write.is_empty() && !files.unix_sockets);
        let sockets = granted(&[Allowance::PathSockets]);
        assert!(sockets.sockets == folders && sockets.read.is_empty());
        assert!(granted(&[Allowance::WritableFiles]).write == folders);
    }

    #[test]
    fn what_is_about_descriptors_is_no_way_into_a_folder() {
        let mut confinement = Confinement::default();
        let allowed = [Allowance::ManyDescriptors, Allowance::PassDescriptors];
        grant("stage", &allowed, &[], &mut confinement).expect("a grant");
        assert_eq!(confinement.limits.descriptors, Some(MANY_DESCRIPTORS));
        assert!(std::mem::take(&mut confinement.allow.pass_descriptors));
        assert_eq!(confinement.allow, Confinement::default().allow);
    }

    #[test]
    fn raw_sockets_bring_ping_sockets_and_nothing_else() {
        let mut confinement = Confinement::default();
        let allowed = [Allowance::RawSockets];
        grant("stage", &allowed, &[], &mut confinement).expect("a grant");
        assert!(confinement.allow.raw_sockets && confinement.allow.ping_sockets);
        confinement.allow.raw_sockets = false;
        confinement.allow.ping_sockets = false;
        assert_eq!(confinement, Confinement::default());
    }

    #[test]
    fn a_folder_for_a_stage_that_is_allowed_nothing_is_the_graders_fault() {
        let folders = [PathBuf::from("/tmp/x")];
        let mut confinement = Confinement::default();
        assert!(grant("stage", &[], &folders, &mut confinement).is_err());
        assert!(grant("stage", &[], &[], &mut confinement).is_ok());
        assert_eq!(confinement, Confinement::default());
    }
}
