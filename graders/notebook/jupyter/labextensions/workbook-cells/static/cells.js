// Before a cell runs, the workbook's kernel is told what all cells say, saved or not: a check judges what the editor shows.
//
// JupyterLab loads this file as it is. It looks like what a build with module federation makes: a container with
// init() and get(). JupyterLab's own packages come from the scope that it hands to init().
//
// Text of the notebook goes into one message to the notebook's own kernel, as data, and nowhere else. Nothing here
// touches the page.
(() => {
  'use strict';

  const NAME = 'workbook-cells';
  const KERNEL = 'python3'; // the one in which the workbook is loaded
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
    // Not by a comm of JupyterLab's: those may go to a subshell, and then the cell could run first.
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
        console.error(`${NAME}: the kernel wasn't told what the cells say`, error);
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
