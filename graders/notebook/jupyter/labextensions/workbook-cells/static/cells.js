// Before a cell runs, this sends all cells, saved or not, to the workbook's kernel: a check judges what the editor shows.
//
// JupyterLab loads this file unchanged. It has the form of a build with module federation: a container with
// init() and get(). JupyterLab passes the scope with its own packages to init().
//
// The notebook's text goes only into one message to the notebook's own kernel, as data. This script doesn't
// change the page.
(() => {
  'use strict';

  const NAME = 'workbook-cells';
  const KERNEL = 'python3'; // the kernel in which the workbook is loaded
  const TARGET = 'workbook.cells';
  const MOST = 2000; // cells; a notebook of the workbook has 30
  let scope;

  const shared = async name => {
    const versions = scope[name];
    const factory = await versions[Object.keys(versions)[0]].get();
    return factory();
  };

  const said = model => ({
    id: model.id,
    cell_type: model.type,
    source: model.sharedModel.getSource(),
    metadata: { nbgrader: { grade_id: model.getMetadata('nbgrader')?.grade_id ?? '' } }
  });

  const isAnswer = cell => cell.metadata.nbgrader.grade_id.endsWith?.('-answer') || /answer/i.test(cell.source.slice(0, 2000));

  const tell = (KernelMessage, kernel, cells, cell) => {
    const message = KernelMessage.createMessage({
      msgType: 'comm_open',
      channel: 'shell',
      username: kernel.username,
      session: kernel.clientId,
      content: {
        comm_id: crypto.randomUUID?.() ?? `${TARGET}-${Date.now()}-${Math.random()}`,
        target_name: TARGET,
        data: { cell, cells }
      }
    });
    // Not with JupyterLab's comms: those may use a subshell, and then the cell could run first.
    kernel.sendShellMessage(message, false, true);
  };

  const activate = async () => {
    const [{ NotebookActions }, { KernelMessage }] = await Promise.all([
      shared('@jupyterlab/notebook'),
      shared('@jupyterlab/services')
    ]);
    NotebookActions.executionScheduled.connect((_, { notebook, cell }) => {
      try {
        const kernel = notebook.parent?.sessionContext?.session?.kernel;
        const cells = Array.from(notebook.model?.cells ?? [], said).slice(0, MOST);
        if (kernel?.name === KERNEL && cells.some(isAnswer)) {
          tell(KernelMessage, kernel, cells, cell.model.id);
        }
      } catch (error) {
        console.error(`${NAME}: the cells couldn't be sent to the kernel`, error);
      }
    });
  };

  const plugin = { id: `${NAME}:plugin`, autoStart: true, activate };

  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB[NAME] = {
    init: given => {
      scope = given;
    },
    get: async () => () => ({ default: plugin, __esModule: true })
  };
})();
