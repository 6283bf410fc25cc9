"""The device doctor in the window: opened by its chip or from the menu."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import PySide6
from PySide6.QtCore import QObject, Slot, qVersion
from PySide6.QtGui import QAction, QGuiApplication

from mnist_gui.engine.doctor import Devices, Display, Report, Screen, examine, load_devices
from mnist_gui.engine.events import RunState
from mnist_gui.engine.models.devices import Device
from mnist_gui.engine.runs.recorder import package_version
from mnist_gui.engine.training.speed import Speed, SpeedProgress, measure_speed
from mnist_gui.gui.doctor.dialog import DoctorChip, DoctorDialog
from mnist_gui.gui.jobs import Job
from mnist_gui.gui.session import Session
from mnist_gui.gui.shell import Shell
from mnist_gui.paths import log_folder, settings_folder


class DoctorPresenter(QObject):
    """Marks the chip once the devices are known, and shows the dialog when the user asks.

    The speed is tested on the engine's thread, only while no run is active; a run that begins
    ends the test.
    """

    def __init__(self, session: Session, chip: DoctorChip, shell: Shell) -> None:
        super().__init__()
        self._session, self._chip, self._shell = session, chip, shell
        self._devices: Devices | None = None
        self._report: Report | None = None
        self._speeds: tuple[Speed, ...] = ()
        self._dialog: DoctorDialog | None = None
        self._test: Job | None = None
        self.open_action = QAction(self.tr("&Check this computer"), self)
        shell.menus.help_menu.insertAction(shell.actions_offered.about, self.open_action)
        self.open_action.triggered.connect(self.open)
        chip.clicked.connect(self.open)
        session.run_state.follow(self._follow_run)

    def take_over(self, before: "DoctorPresenter") -> None:
        """Know what another presenter has found."""
        self._devices, self._speeds = before._devices, before._speeds
        if before._report is not None:
            self._show(before._report)

    def check(self) -> None:
        """Look for devices after what the engine's thread has to do, then at all else."""
        self._session.engine_thread.call(load_devices, then=self._use_devices)

    @Slot()
    def open(self) -> None:
        """Show the dialog, and look again at what may have changed."""
        if self._dialog is None:
            self._dialog = dialog = DoctorDialog(self._shell.dialog_parent)
            dialog.test_requested.connect(self._begin_test)
            dialog.cancel_requested.connect(self._cancel_test)
            dialog.finished.connect(self._forget_dialog)
            if self._report is not None:
                self._show(self._report)
            dialog.open()
        self.check() if self._devices is None else self._examine()

    def _use_devices(self, devices: Devices) -> None:
        self._devices = devices
        self._examine()

    def _examine(self) -> None:
        assert self._devices is not None
        work = partial(_examine, self._devices, self._folders(), _display())
        self._session.reading_thread.call(work, then=self._show, failed=self._show_failure)

    def _folders(self) -> Mapping[str, Path]:
        session = self._session
        folders = {
            "data": session.data_folder,
            "runs": session.runs_folder.value,
            "logs": log_folder(),
            "settings": settings_folder(),
        }
        return {purpose: folder for purpose, folder in folders.items() if folder is not None}

    def _show(self, report: Report) -> None:
        self._report = replace(report, speeds=self._speeds)
        self._chip.show_health(is_well=not report.problems)
        if self._dialog is not None:
            self._dialog.show_report(self._report)
            self._offer_test()

    @Slot(object)
    def _follow_run(self, state: RunState) -> None:
        if state.is_active:
            self._cancel_test()
        self._offer_test()

    def _offer_test(self) -> None:
        if self._dialog is None or self._test is not None:
            return
        if self._session.run_state.value.is_active:
            why_not = self.tr("Available when training has ended.")
            self._dialog.offer_test(offered=False, why_not=why_not)
        else:
            self._dialog.offer_test(offered=self._device() is not None)

    def _device(self) -> Device | None:
        """Return the device that is chosen for training, else the best; None if there is none."""
        devices = self._devices if isinstance(self._devices, tuple) else ()
        chosen = [device for device in devices if device.key == self._session.device.value]
        return next(iter((*chosen, *devices)), None)

    @Slot()
    def _begin_test(self) -> None:
        device = self._device()
        if device is None or self._dialog is None or self._session.run_state.value.is_active:
            return
        self._dialog.show_testing(testing=True)
        self._speeds = ()
        self._test = self._session.engine_thread.run(
            partial(measure_speed, device),
            each=self._take,
            ended=self._end_test,
            failed=self._fail_test,
        )

    def _take(self, news: SpeedProgress | Speed) -> None:
        if isinstance(news, Speed):
            self._speeds = (*self._speeds, news)
        elif self._dialog is not None:
            self._dialog.show_progress(news.done)

    @Slot()
    def _cancel_test(self) -> None:
        if self._test is not None:
            self._test.stop()

    def _end_test(self) -> None:
        self._test = None
        if self._report is not None:
            self._show(self._report)

    def _fail_test(self, sentence: str) -> None:
        self._end_test()
        self._show_failure(sentence)

    def _show_failure(self, sentence: str) -> None:
        self._shell.show_error(self.tr("The check of this computer cannot go on"), sentence)

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None
        self._cancel_test()


def _examine(devices: Devices, folders: Mapping[str, Path], display: Display) -> Report:
    # Versions are looked up on the disk, so not on the window's thread.
    packages = {
        "PySide6": PySide6.__version__,
        "Qt": qVersion(),
        "pyqtgraph": package_version("pyqtgraph"),
    }
    return examine(devices, folders, display, packages)


def _display() -> Display:
    """Return Qt's platform and the screens there are."""
    screens = [
        Screen(screen.size().width(), screen.size().height(), screen.devicePixelRatio())
        for screen in QGuiApplication.screens()
    ]
    return Display(QGuiApplication.platformName(), tuple(screens))
