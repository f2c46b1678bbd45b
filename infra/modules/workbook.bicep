// The workbook: a page for the operator. It shows counts and times, and the ids of what failed, never patients.

param name string
param location string
param tags object
param applicationInsightsId string

var panels = [
  { title: 'Requests to the webhook, by outcome', query: loadTextContent('../queries/workbook-events.kql'), chart: 'barchart' }
  { title: 'Answer times of the webhook (ms)', query: loadTextContent('../queries/workbook-answer-times.kql'), chart: 'linechart' }
  { title: 'Jobs, by event type and outcome', query: loadTextContent('../queries/workbook-jobs.kql'), chart: 'table' }
  { title: 'Decisions, by rule', query: loadTextContent('../queries/workbook-decisions.kql'), chart: 'table' }
  { title: 'Open reviews, and the age of the oldest (hours)', query: loadTextContent('../queries/workbook-open-reviews.kql'), chart: 'linechart' }
  { title: 'Failures and warnings', query: loadTextContent('../queries/workbook-failures.kql'), chart: 'table' }
  { title: 'The last failures, with what they were about', query: loadTextContent('../queries/workbook-invocation.kql'), chart: 'table' }
  { title: 'Starts of the program', query: loadTextContent('../queries/starts.kql'), chart: 'table' }
]

// `type` 9 is a parameter, 3 a query; `version` names its shape.
var timeRange = {
  type: 9
  name: 'range'
  content: {
    version: 'KqlParameterItem/1.0'
    parameters: [
      {
        id: guid(resourceGroup().id, name, 'range')
        version: 'KqlParameterItem/1.0'
        name: 'Range'
        label: 'Time'
        type: 4
        isRequired: true
        value: { durationMs: 86400000 }
        typeSettings: {
          selectableValues: [
            { durationMs: 3600000 }
            { durationMs: 86400000 }
            { durationMs: 604800000 }
            { durationMs: 2592000000 }
          ]
        }
      }
    ]
  }
}

var charts = map(panels, panel => {
  type: 3
  name: panel.title
  content: {
    version: 'KqlItem/1.0'
    title: panel.title
    query: panel.query
    size: 0
    queryType: 0
    resourceType: 'microsoft.insights/components'
    timeContextFromParameter: 'Range'
    visualization: panel.chart
    noDataMessage: 'Nothing in this time.'
  }
})

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, name, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: name
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: applicationInsightsId
    serializedData: string({
      version: 'Notebook/1.0'
      items: concat([timeRange], charts)
      fallbackResourceIds: [applicationInsightsId]
      isLocked: false
    })
  }
}
