// Application Insights on a Log Analytics workspace. Only Entra ID can write to it.

param name string
param location string
param tags object

@description('In days.')
param logRetentionDays int

@description('In days; 0 leaves the access logs at logRetentionDays.')
param auditRetentionDays int

// Who read or wrote patients' rows and exports, and who read the secrets.
var auditTables = ['StorageTableLogs', 'StorageBlobLogs', 'AZKVAuditLogs']

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: 'log-${name}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: logRetentionDays
    features: {
      // Whoever may read a resource may read its logs; nobody needs rights on the whole workspace.
      enableLogAccessUsingOnlyResourcePermissions: true
      disableLocalAuth: true
    }
  }
}

resource auditTable 'Microsoft.OperationalInsights/workspaces/tables@2022-10-01' = [for table in auditTables: if (auditRetentionDays > 0) {
  parent: workspace
  name: table
  properties: {
    plan: 'Analytics'
    retentionInDays: logRetentionDays
    totalRetentionInDays: auditRetentionDays
  }
}]

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
    DisableIpMasking: false
  }
}

output workspaceId string = workspace.id
output applicationInsightsId string = applicationInsights.id
output applicationInsightsName string = applicationInsights.name
output applicationInsightsConnectionString string = applicationInsights.properties.ConnectionString
